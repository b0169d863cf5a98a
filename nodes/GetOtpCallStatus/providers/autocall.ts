import type { StatusForm } from './form';

export const autocallForm: StatusForm = {
	provider: 'autocall',
	description: 'Calls to Vietnam',
	filters: [
		{
			displayName: 'Campaign',
			name: 'campaign',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description: 'Only calls of this campaign',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					placeholder: 'Select a campaign…',
					typeOptions: { searchListMethod: 'searchCampaigns', searchable: true },
				},
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. f77dfcf4-0759-4179-93cb-741f481a776e',
				},
			],
		},
		{
			displayName: 'From',
			name: 'from',
			type: 'dateTime',
			default: '',
			description: 'Only calls from this day on',
		},
		{
			displayName: 'Phone Number',
			name: 'phoneNumber',
			type: 'string',
			default: '',
			placeholder: 'e.g. 0332665711',
			description: 'Only calls to this number, in any usual writing',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Answered', value: 'answered' },
				{ name: 'Busy', value: 'busy' },
				{ name: 'Canceled', value: 'cancel' },
				{ name: 'Congestion', value: 'congestion' },
				{ name: 'Failed', value: 'failed' },
				{ name: 'Invalid Number', value: 'invalid-number' },
				{ name: 'No Answer', value: 'no-answered' },
				{ name: 'Not Available', value: 'not-available' },
				{ name: 'Phone Blocked', value: 'phone-block' },
				{ name: 'Voicemail', value: 'voicemail' },
			],
			default: 'answered',
			description: 'Only calls that ended like this, in the words of the provider',
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'dateTime',
			default: '',
			description: 'Only calls up to this day',
		},
	],
};

import type { SendForm } from './form';

/** The UUID within whatever was pasted, such as the address of a page; else all of it, to be refused with our words. */
const uuidOrAll =
	'^(?:[\\s\\S]*?(?=[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}))?([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[\\s\\S]*)';

export const autocallForm: SendForm = {
	provider: 'autocall',
	description: 'Calls numbers in Vietnam, reads out letters and digits',
	properties: [
		{
			displayName: 'Campaign',
			name: 'campaign',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description: 'The voice OTP campaign. Leave empty for the one of the credential.',
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
					hint: 'The UUID of the campaign; an address that contains it will do',
					extractValue: { type: 'regex', regex: uuidOrAll },
				},
			],
		},
		{
			displayName: 'Template',
			name: 'template',
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			description: 'The script that reads the code out',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					placeholder: 'Select a template…',
					typeOptions: { searchListMethod: 'searchTemplates', searchable: true },
				},
				{
					displayName: 'By Name',
					name: 'name',
					type: 'string',
					placeholder: 'e.g. otp_script_01',
					hint: 'The name of the script as it stands in the portal',
				},
			],
		},
		{
			displayName: 'Reference ID',
			name: 'refId',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-1042',
			description:
				'Your own reference of the call, unique for each call and without the code in it. Leave empty to have one made.',
		},
	],
};

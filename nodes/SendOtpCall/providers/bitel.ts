import type { SendForm } from './form';

export const bitelForm: SendForm = {
	provider: 'bitel',
	description: 'Calls numbers in Iran, reads out up to five digits',
	properties: [
		{
			displayName: 'Bitel Options',
			name: 'bitelOptions',
			type: 'collection',
			placeholder: 'Add Bitel Option',
			default: {},
			options: [
				{
					displayName: 'Repeat Count',
					name: 'repeatCount',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: 2,
					description: 'How many times the code is read out',
				},
				{
					displayName: 'Retry Count',
					name: 'retryCount',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 1,
					description:
						'How many times Bitel itself calls again when the line is busy or nobody answers',
				},
				{
					displayName: 'Server ID',
					name: 'serverId',
					type: 'string',
					default: '',
					placeholder: 'e.g. 5d2f4c1e',
					description:
						'The dialer from which the call starts. Leave empty for the one of the credential.',
				},
				{
					displayName: 'Voice ID',
					name: 'voiceId',
					type: 'string',
					default: '',
					placeholder: 'e.g. 7',
					description: 'The recording that is played before the code is read out',
				},
			],
		},
	],
};

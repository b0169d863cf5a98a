import type { SendForm } from './form';

export const sandboxForm: SendForm = {
	provider: 'sandbox',
	description: 'Calls nobody and needs no account, to build and test a workflow',
	properties: [
		{
			displayName:
				'The sandbox calls nobody. The last two digits of the number choose how the call ends: <b>01</b> busy, <b>02</b> no answer, <b>03</b> declined, <b>04</b> unreachable, <b>05</b> answering machine, <b>06</b> failed, <b>07</b> refused, <b>08</b> rate limited, <b>09</b> outcome unknown, others answered',
			name: 'sandboxNotice',
			type: 'notice',
			default: '',
		},
	],
};

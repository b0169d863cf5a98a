import type { Account } from './account';

const sessionToken = 'sessionToken';

export const autocallAccount: Account = {
	provider: 'autocall',
	credential: 'autocallApi',
	token: (credential) =>
		credential['authentication'] === 'token' ? credential['token'] : credential[sessionToken],
	exchange: {
		apiKey: ({ authentication, apiKey }) => (authentication === 'token' ? null : apiKey),
		property: sessionToken,
	},
	defaults: ({ campaignUuid }) => ({ campaign: campaignUuid }),
};

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** How n8n keeps an account of one provider. */
export interface Account {
	/** The provider's name, as in `providers/`. */
	readonly provider: string;
	/** The credential type that holds the account. */
	readonly credential: string;
	/** The token of the account as it is now; '' while a key has not been exchanged for one yet. */
	token(credential: ICredentialDataDecryptedObject): unknown;
	/** For an account that may hold a lasting key instead of a token. */
	readonly exchange?: {
		/** Null when the builder has entered a token. */
		apiKey(credential: ICredentialDataDecryptedObject): unknown;
		/** The hidden property in which n8n stores the token that was got for the key. */
		readonly property: string;
	};
	/** The provider's fields for which the account holds a default. */
	defaults(credential: ICredentialDataDecryptedObject): Readonly<Record<string, unknown>>;
}

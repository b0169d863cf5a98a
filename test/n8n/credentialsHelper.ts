import { ICredentialsHelper } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** The credentials of a test, by their type. */
export type StoredCredentials = Record<string, ICredentialDataDecryptedObject>;

/** What a credential holds where a user has entered nothing. */
export function defaultsOf({ properties }: ICredentialType): ICredentialDataDecryptedObject {
	const defaults: ICredentialDataDecryptedObject = {};
	for (const { name, default: value } of properties) {
		if (typeof value === 'string') defaults[name] = value;
	}
	return defaults;
}

/** Stands for n8n's own store of credentials: what it does with `authenticate` and `preAuthentication` is the same. */
export class TestCredentialsHelper extends ICredentialsHelper {
	readonly #typeOf: (name: string) => ICredentialType;
	readonly stored: StoredCredentials;
	/** What was written back, oldest first. */
	readonly updates: ICredentialDataDecryptedObject[] = [];
	/** How often a credential was decrypted. */
	reads = 0;

	constructor(typeOf: (name: string) => ICredentialType, stored: StoredCredentials) {
		super();
		this.#typeOf = typeOf;
		this.stored = stored;
	}

	getParentTypes(name: string): string[] {
		return this.#typeOf(name).extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(name: string): INodeProperties[] {
		return this.#typeOf(name).properties;
	}

	getCredentials(_details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		throw new Error(`Nobody should ask for the encrypted ${type}`);
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_details: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		this.reads += 1;
		return { ...defaultsOf(this.#typeOf(type)), ...this.stored[type] };
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		options: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.#typeOf(typeName);
		if (typeof authenticate !== 'function' || !('url' in options)) {
			throw new Error(`The credential ${typeName} must authenticate with a function`);
		}
		return await authenticate(credentials, options);
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication, properties } = this.#typeOf(typeName);
		const expirable = properties.find(
			({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable === true,
		)?.name;
		if (expirable === undefined || preAuthentication === undefined) return undefined;
		// n8n looks for the test of a credential too, under a name that the node of the test does not have.
		if (credentials[expirable] !== '' && !expired) return undefined;
		const output = await preAuthentication.call(helpers, credentials);
		if (output[expirable] === undefined || node.credentials === undefined) return undefined;
		const data: ICredentialDataDecryptedObject = Object.assign(credentials, output);
		this.updates.push({ ...data });
		this.stored[typeName] = { ...data };
		return data;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}
}

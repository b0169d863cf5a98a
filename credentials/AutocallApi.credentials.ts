import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	authenticateFor,
	credentialProperties,
	credentialTestOf,
	prepareCredential,
} from '../nodes/http/credential';
import { autocall } from '../providers/autocall/adapter';

export class AutocallApi implements ICredentialType {
	name = 'autocallApi';

	displayName = 'TEL4VN Autocall API';

	icon = {
		light: 'file:../icons/autocall.svg',
		dark: 'file:../icons/autocall.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#tel4vn-autocall-vietnam';

	properties: INodeProperties[] = credentialProperties(autocall);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, autocall, credential);
	}

	authenticate = authenticateFor(autocall);

	test: ICredentialTestRequest = credentialTestOf(autocall);
}

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
import { esms } from '../providers/esms/adapter';

export class EsmsApi implements ICredentialType {
	name = 'esmsApi';

	displayName = 'eSMS API';

	icon = {
		light: 'file:../icons/esms.svg',
		dark: 'file:../icons/esms.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#esms-vietnam';

	properties: INodeProperties[] = credentialProperties(esms);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, esms, credential);
	}

	authenticate = authenticateFor(esms);

	test: ICredentialTestRequest = credentialTestOf(esms);
}

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
import { bitel } from '../providers/bitel/adapter';

export class BitelApi implements ICredentialType {
	name = 'bitelApi';

	displayName = 'Bitel API';

	icon = {
		light: 'file:../icons/bitel.svg',
		dark: 'file:../icons/bitel.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#bitel-iran';

	properties: INodeProperties[] = credentialProperties(bitel);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, bitel, credential);
	}

	authenticate = authenticateFor(bitel);

	test: ICredentialTestRequest = credentialTestOf(bitel);
}

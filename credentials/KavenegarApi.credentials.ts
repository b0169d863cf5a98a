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
import { kavenegar } from '../providers/kavenegar/adapter';

export class KavenegarApi implements ICredentialType {
	name = 'kavenegarApi';

	displayName = 'Kavenegar API';

	icon = {
		light: 'file:../icons/kavenegar.svg',
		dark: 'file:../icons/kavenegar.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#kavenegar-iran';

	properties: INodeProperties[] = credentialProperties(kavenegar);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, kavenegar, credential);
	}

	authenticate = authenticateFor(kavenegar);

	test: ICredentialTestRequest = credentialTestOf(kavenegar);
}

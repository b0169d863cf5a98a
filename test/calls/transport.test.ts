import assert from 'node:assert/strict';

import { isCertificateFailure, neverLeft } from '../../calls/transport';

describe('Whether a failed request can have left', () => {
	const before = [
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'ENETUNREACH',
		'EHOSTUNREACH',
		'UND_ERR_CONNECT_TIMEOUT',
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	];
	for (const code of before) {
		it(`is ruled out by ${code}`, () => {
			assert.equal(neverLeft(code), true);
		});
	}

	const after = [
		'ECONNRESET',
		'EPIPE',
		'ETIMEDOUT',
		'ECONNABORTED',
		'ERR_CANCELED',
		'UND_ERR_SOCKET',
		'UND_ERR_HEADERS_TIMEOUT',
		'UND_ERR_BODY_TIMEOUT',
		'UND_ERR_ABORTED',
		'HPE_INVALID_CONSTANT',
		// Plain text within a connection raises these, when the request has been read.
		'ERR_SSL_WRONG_VERSION_NUMBER',
		'ERR_SSL_PACKET_LENGTH_TOO_LONG',
		'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
		'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
		// A record that breaks in the middle of an answer.
		'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
		// In TLS 1.3 a server looks at the client's certificate after the request may have left.
		'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
		'ERR_TLS_INVALID_STATE',
		'EPROTO',
		'',
		'constructor',
	];
	for (const code of after) {
		it(`is not ruled out by ${code || 'no code'}`, () => {
			assert.equal(neverLeft(code), false);
		});
	}

	it('tells a certificate that cannot be verified from other failures', () => {
		assert.equal(isCertificateFailure('CERT_HAS_EXPIRED'), true);
		assert.equal(isCertificateFailure('ECONNREFUSED'), false);
	});
});

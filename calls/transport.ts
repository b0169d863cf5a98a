import type { HttpAnswer } from '../providers/contract';

/** A request as a host has to send it. */
export interface OutgoingRequest {
	readonly method: 'GET' | 'POST' | 'DELETE';
	/** Absolute. Every segment that came from a user is encoded: to be sent as it is. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** As it is to be sent, or null for a request without a body. */
	readonly body: string | null;
	/** Milliseconds from the call of the transport to the last byte of the answer. */
	readonly timeout: number;
	/** Bytes of the answer's body; a longer one is to be given up as `answer-lost`. */
	readonly longestAnswer: number;
	readonly signal: AbortSignal | undefined;
}

/**
 * How a request went. The two failures are kept apart because only a request that provably never
 * left may be repeated: a repeated call makes a phone ring twice.
 */
export type Exchange =
	| ({ readonly is: 'answered' } & HttpAnswer)
	| { readonly is: 'not-sent'; readonly code: string }
	| { readonly is: 'answer-lost'; readonly code: string };

/**
 * Sends one request, once, with the account's authorization: it follows no redirect and repeats nothing
 * but a request that was answered 401, once, when it can get a fresh token. It settles at once when its
 * signal aborts. It rejects only with an OtpCallError, when no token could be had and nothing was sent.
 */
export type Transport = (request: OutgoingRequest) => Promise<Exchange>;

/** Time, sleep and chance, handed in by the host. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves after so many milliseconds, or at once when the signal aborts. Never rejects. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** From 0 to less than 1. */
	random(): number;
}

/** Codes of failures that happen before a request can leave, in the words of Node.js and undici. */
const beforeSending: ReadonlySet<string> = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EAI_FAIL',
	'ENETUNREACH',
	'EHOSTUNREACH',
	'ENETDOWN',
	'EADDRNOTAVAIL',
	'UND_ERR_CONNECT_TIMEOUT',
	'ERR_INVALID_URL',
]);

/** The words of OpenSSL's verification, and of handshakes that come to nothing. */
const certificate =
	/^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CRL_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH|ERR_TLS_CERT_ALTNAME)/;
const handshake =
	/^ERR_(TLS_HANDSHAKE|SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|CERTIFICATE_VERIFY_FAILED|TLSV1_(ALERT_PROTOCOL_VERSION|UNRECOGNIZED_NAME)|SSLV3_ALERT_HANDSHAKE_FAILURE|PACKET_LENGTH_TOO_LONG))/;

/** True for a failure of TLS, for which another try is in vain. */
export function isCertificateFailure(code: string): boolean {
	return certificate.test(code) || handshake.test(code);
}

/**
 * Whether a failure with this code happened before anything of the request could leave. A certificate is
 * looked at before the first byte is written. The codes of OpenSSL's records (`ERR_SSL_…`) prove nothing:
 * whatever on the way writes plain text into a connection raises them when the request has been read.
 */
export function neverLeft(code: string): boolean {
	return beforeSending.has(code) || certificate.test(code);
}

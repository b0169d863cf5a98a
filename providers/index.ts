import { autocall } from './autocall/adapter';
import { bitel } from './bitel/adapter';
import type { Provider } from './contract';
import { esms } from './esms/adapter';
import { kavenegar } from './kavenegar/adapter';
import { sandbox } from './sandbox/adapter';

/** Every provider, in the order in which users choose from them. */
export const providers: readonly Provider[] = [sandbox, bitel, kavenegar, autocall, esms];

/** The provider of this name, or undefined. */
export function findProvider(name: unknown): Provider | undefined {
	return providers.find((provider) => provider.name === name);
}

import type { Clock } from './clock';
import type { PlanBook } from './dialing/callPlan';
import type { Ledger } from './dialing/ledger';
import type { Settings } from './settings';

/** The simulated telephone exchange that both providers' APIs stand in front of. */
export interface Exchange {
	readonly clock: Clock;
	readonly ledger: Ledger;
	readonly plans: PlanBook;
	/** As they are now: they can be changed at any time. */
	readonly settings: Settings;
}

import { openForm } from './accountForm';
import { providerNamed } from './forms';
import type { Say } from './forms';
import { askRuntime } from './runtime';

const icons = { busy: 'fa-spinner fa-spin', good: 'fa-check', bad: 'fa-times' } as const;

/**
 * The button that tests the account of the open form as it is now, and the line under it that says what came
 * of it. The button keeps the focus while it waits, so that the result is read out from where one is.
 * @param id of the account's node, under which the runtime keeps secrets that were saved before
 * @returns forgets the result, and whatever is under way: the form has changed, or is closed
 */
export function accountTest(say: Say, id: string): () => void {
	const button = $('#otp-call-account-test');
	const line = $('#otp-call-account-tested');
	let giveUp: (() => void) | null = null;

	const show = (is: keyof typeof icons, text: string, direction = say('direction')): void => {
		const icon = $('<i aria-hidden="true"></i>').addClass(`fa ${icons[is]}`);
		line
			.attr({ 'data-is': is, dir: direction })
			.empty()
			.append(icon, ' ')
			.append(document.createTextNode(text));
		RED.tray.resize();
	};
	const end = (): void => {
		giveUp = null;
		button.removeAttr('aria-disabled');
	};
	const forget = (): void => {
		giveUp?.();
		end();
		line.empty();
	};
	button.on('click', () => {
		if (giveUp !== null) return;
		const form = openForm();
		const label = providerNamed(form.properties['provider'])?.label ?? '';
		button.attr('aria-disabled', 'true');
		show('busy', say('label.testing'));
		giveUp = askRuntime(say, {
			path: `otp-call-account/${encodeURIComponent(id)}/test`,
			form,
			answered: () => {
				end();
				show('good', say('tip.tested').replace('{provider}', label));
			},
			failed: ({ words }) => {
				end();
				// What errors say is English, whatever language its fields are named in.
				if (words === null) show('bad', say('tip.notTested'));
				else show('bad', words, 'ltr');
			},
		});
	});
	return forget;
}

/**
 * Opens a list of the provider, such as its campaigns, under a button, and puts what is picked into the
 * field. The account's own server is asked by the runtime: the editor never sees a token.
 */
const openPickList = (button, field, put) => {
	const accountId = $('#node-input-account').val();
	const content = $('<div class="otp-call-pick-list"></div>');
	const search = $('<input type="text">').attr(
		'placeholder',
		words('send-otp-call', 'label.search'),
	);
	const list = $('<ul></ul>');
	const note = $('<div class="otp-call-pick-note"></div>').hide();
	const more = $('<a href="#"></a>').text(words('send-otp-call', 'label.nextPage')).hide();
	content.append(search, list, note, more);
	const panel = RED.popover.panel(content);
	let asked = 0;
	let nextOffset = null;

	const say = (text) => note.text(text).show();

	const add = ({ value, name, description }) => {
		const entry = $('<li tabindex="0"></li>').append($('<b></b>').text(name));
		if (description) entry.append($('<span></span>').text(description));
		const pick = () => {
			put(value);
			panel.hide();
		};
		entry.on('click', pick).on('keydown', ({ key }) => key === 'Enter' && pick());
		list.append(entry);
	};

	const ask = (offset) => {
		const number = ++asked;
		if (offset === 0) list.empty();
		more.hide();
		say(words('send-otp-call', 'label.loading'));
		$.getJSON(`otp-call-account/${encodeURIComponent(accountId)}/lists/${field}`, {
			filter: search.val(),
			offset,
		})
			.done((page) => {
				// A slow answer to an earlier question must not mix with that to the latest.
				if (number !== asked) return;
				note.hide();
				page.choices.forEach(add);
				if (list.children().length === 0) say(words('send-otp-call', 'label.nothing'));
				nextOffset = page.nextOffset;
				more.toggle(nextOffset !== null);
			})
			.fail(({ responseJSON }) => {
				if (number !== asked) return;
				const why = responseJSON && responseJSON.message;
				say(why ? `${why}. ${responseJSON.remedy}.` : words('send-otp-call', 'label.noList'));
			});
	};

	let typing;
	search.on('input', () => {
		clearTimeout(typing);
		typing = setTimeout(() => ask(0), 250);
	});
	more.on('click', (event) => {
		event.preventDefault();
		ask(nextOffset);
	});
	panel.show({
		target: button,
		align: 'left',
		offset: [button.outerWidth(), 2],
		closeButton: button,
	});
	search.trigger('focus');
	const account = RED.nodes.node(accountId);
	if (account && (account.changed || account.d)) say(words('send-otp-call', 'label.deployFirst'));
	else ask(0);
};

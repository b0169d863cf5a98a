import ts from 'typescript';

/** One small change of a file of the product: a test should notice it. */
export interface Mutant {
	/** Of all mutants of a run, from 1. */
	readonly id: number;
	/** Path within the repository. */
	readonly file: string;
	readonly line: number;
	readonly before: string;
	readonly after: string;
}

/** A file that holds all of its mutants, each asleep until it is chosen. */
export interface Mutated {
	readonly mutants: readonly Mutant[];
	/** TypeScript in which `mutated(id)` says whether a mutant is awake. */
	readonly source: string;
}

/** The name under which the function that chooses a mutant is global. */
export const chooser = 'mutated';

const operators: ReadonlyMap<string, readonly string[]> = new Map([
	['===', ['!==']],
	['!==', ['===']],
	['<', ['<=', '>=']],
	['<=', ['<', '>']],
	['>', ['>=', '<=']],
	['>=', ['>', '<']],
	['+', ['-']],
	['-', ['+']],
	['*', ['/']],
	['/', ['*']],
	['%', ['*']],
	['**', ['*']],
	['&&', ['||']],
	['||', ['&&']],
	['??', ['&&']],
	['+=', ['-=']],
	['-=', ['+=']],
	['??=', ['=']],
]);

const methods: ReadonlyMap<string, string> = new Map([
	['some', 'every'],
	['every', 'some'],
	['startsWith', 'endsWith'],
	['endsWith', 'startsWith'],
	['min', 'max'],
	['max', 'min'],
	['ceil', 'floor'],
	['floor', 'ceil'],
	['find', 'findLast'],
	['findLast', 'find'],
]);

/** Their result may be left out: what they are called on stands for it. */
const steps: ReadonlySet<string> = new Set([
	'filter',
	'replace',
	'replaceAll',
	'reverse',
	'slice',
	'sort',
	'toLowerCase',
	'toUpperCase',
	'trim',
]);

const isText = (node: ts.Node): boolean =>
	ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/** What may stand in place of an expression. */
function alternatives(node: ts.Expression): readonly string[] {
	if (ts.isBinaryExpression(node)) {
		const [left, right] = [node.left.getText(), node.right.getText()];
		const operator = node.operatorToken.getText();
		if (operator === '+' && (isText(node.left) || isText(node.right))) return [];
		return (operators.get(operator) ?? []).map((other) => `(${left}) ${other} (${right})`);
	}
	if (ts.isPrefixUnaryExpression(node)) {
		const isDropped = [ts.SyntaxKind.ExclamationToken, ts.SyntaxKind.MinusToken].includes(
			node.operator,
		);
		return isDropped ? [node.operand.getText()] : [];
	}
	if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false'];
	if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true'];
	if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0 ? ['[]'] : [];
	if (ts.isCallExpression(node)) return alternativesOfCall(node);
	return [];
}

function alternativesOfCall(node: ts.CallExpression): readonly string[] {
	const { expression } = node;
	// Within a chain that may end early, the part alone means something else.
	const isChain = (node.flags & ts.NodeFlags.OptionalChain) !== 0;
	if (isChain || !ts.isPropertyAccessExpression(expression)) return [];
	const [on, name] = [expression.expression.getText(), expression.name.text];
	const other = methods.get(name);
	const rest = node.getText().slice(expression.getText().length);
	return [
		...(other === undefined ? [] : [`${on}.${other}${rest}`]),
		...(steps.has(name) ? [on] : []),
	];
}

/** The conditions that decide what is done next. */
const isCondition = (node: ts.Node): boolean => {
	const { parent } = node;
	if (ts.isIfStatement(parent)) return parent.expression === node;
	return ts.isConditionalExpression(parent) && parent.condition === node;
};

/** What a function gives back, beside what has other mutants or is nothing anyway. */
const isResult = (node: ts.Node): boolean => {
	const { parent } = node;
	if (['true', 'false', 'null', 'undefined'].includes(node.getText())) return false;
	if (ts.isReturnStatement(parent)) return true;
	return ts.isArrowFunction(parent) && parent.body === node && !ts.isBlock(node);
};

/** Statements that may be left out. */
const isOptional = (node: ts.Node): boolean =>
	ts.isThrowStatement(node) ||
	ts.isContinueStatement(node) ||
	ts.isBreakStatement(node) ||
	(ts.isReturnStatement(node) && node.expression === undefined) ||
	(ts.isExpressionStatement(node) && !ts.isYieldExpression(node.expression));

const oneLine = (text: string): string => {
	const line = text.replace(/\s+/g, ' ');
	return line.length > 90 ? `${line.slice(0, 89)}…` : line;
};

/**
 * Finds the mutants of a file: another operator, a condition that is always or never true, a result, a
 * statement or a step of a chain that is left out.
 * @param firstId the ID of the first one; the others follow
 */
export function mutate(file: string, text: string, firstId: number): Mutated {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const mutants: Mutant[] = [];

	const add = (node: ts.Node, after: string): number => {
		const id = firstId + mutants.length;
		const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		mutants.push({ id, file, line, before: oneLine(node.getText()), after: oneLine(after) });
		return id;
	};

	/** The text of a node with the mutants within it. */
	const render = (node: ts.Node): string => {
		if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return node.getFullText();
		let [shown, at] = ['', node.getFullStart()];
		ts.forEachChild(node, (child) => {
			shown += text.slice(at, child.getFullStart()) + withMutants(child);
			at = child.getEnd();
		});
		return shown + text.slice(at, node.getEnd());
	};

	const withMutants = (node: ts.Node): string => {
		const isExpression = ts.isExpression(node);
		const asleep = [
			...(isExpression ? alternatives(node) : []),
			...(isCondition(node) ? ['true', 'false'] : []),
			...(isResult(node) ? ['undefined'] : []),
		].filter((after) => after !== node.getText());
		const ids = asleep.map((after) => add(node, after));
		const removal = isOptional(node) ? add(node, 'nothing') : null;
		const own = render(node);
		const space = own.slice(0, own.length - own.trimStart().length);
		// In braces of its own: an `else` behind it belongs to another `if`.
		if (removal !== null) return `${space}{ if (!${chooser}(${removal})) {${own}} }`;
		if (ids.length === 0) return own;
		const choice = ids.map((id, index) => `${chooser}(${id}) ? (${asleep[index]}) : `).join('');
		return `${space}(${choice}(${own}))`;
	};

	return { source: render(source), mutants };
}

// The rules for everything that is not read by n8n's own linter (eslint.config.mjs): n8n's rules forbid
// timers and the process there, which a simulator, a test or a Node-RED node cannot do without.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
	{ ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**'] },
	{
		files: ['**/*.ts'],
		extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
			],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			// A fixed answer behind an interface that promises one is no mistake.
			'@typescript-eslint/require-await': 'off',
			eqeqeq: 'error',
			'no-console': 'error',
		},
	},
	{
		files: ['**/*.mjs'],
		extends: [js.configs.recommended],
		languageOptions: {
			globals: { console: 'readonly', process: 'readonly', URL: 'readonly', fetch: 'readonly' },
		},
	},
	{
		// What a person reads in the terminal.
		files: [
			'tools/commandLine.ts',
			'tools/demo/*.ts',
			'tools/dev/**/*.ts',
			'tools/measure/**/*.ts',
			'tools/mutate/mutate.ts',
			'tools/simulator/cli.ts',
		],
		rules: { 'no-console': 'off' },
	},
);

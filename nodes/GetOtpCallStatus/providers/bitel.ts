import type { StatusForm } from './form';

export const bitelForm: StatusForm = { provider: 'bitel', description: 'Calls to Iran' };

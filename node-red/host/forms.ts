import { providers } from '../../providers';
import { formOf } from '../forms/providerForms';

/** The forms of all providers, as the editor has them. */
export const forms = providers.map(formOf);

// The providers that the simulator speaks, a line for each.
export { autocall } from './autocall/index';
export { bitel } from './bitel/index';
export { esms } from './esms/index';
export { kavenegar } from './kavenegar/index';

export { tallyRows } from './rows';

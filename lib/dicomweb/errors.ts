import { BadInput } from '../errors.ts';

/** The server answered, and what it gave is not what was asked for. Of this one request: others may go well. */
export class BadAnswer extends BadInput {}

/** No request will go well before a person does something: no connection, no right, no trust. */
export class NoService extends BadInput {}

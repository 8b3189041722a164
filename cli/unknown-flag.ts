import { Command } from 'commander';
import { nearest } from '#lib/nearest.ts';

/**
 * Reports a mistyped flag before a missing one that it causes.
 * @throws CommanderError with the flag and the nearest existing one
 */
export function refuseUnknownFlag(add: (program: Command) => void, name: string, args: string[]): void {
  const trial = new Command().exitOverride();
  add(trial);
  const { command, rest } = innermost(trial.commands[0], args.slice(args.indexOf(name) + 1));
  command.showHelpAfterError('(see --help)');
  const { unknown } = command.parseOptions(rest);
  const flag = unknown.find((one) => one.startsWith('-') && one !== '-' && one !== '--' && !isHelp(one));
  if (flag === undefined) return;
  const written = flag.split('=')[0];
  const flags = command.options.flatMap(({ long }) => long ?? []);
  command.error(`error: unknown option '${written}'\n(Did you mean ${nearest(written, flags)}?)`, {
    code: 'commander.unknownOption',
  });
}

/** The command below a command that the arguments call, such as `models add`, with what follows it. */
function innermost(command: Command, rest: string[]): { command: Command; rest: string[] } {
  const at = rest.findIndex((one) => !one.startsWith('-'));
  const below = command.commands.find((one) => one.name() === rest[at]);
  return below ? innermost(below, rest.slice(at + 1)) : { command, rest };
}

function isHelp(flag: string): boolean {
  return flag === '-h' || flag === '--help';
}

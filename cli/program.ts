import { Command } from 'commander';
import { VERSION } from '#lib/code-version.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';

/**
 * The program as far as these arguments need it: the command that they call with all its options, of the others the names
 * and what they do.
 * @throws CommanderError for a flag that the command does not have
 */
export async function programFor(args: string[]): Promise<Command> {
  const program = new Command('rtpipeline')
    .description('Radiotherapy DICOM to research tables, on one machine or on AWS')
    .version(VERSION)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(see --help)')
    .exitOverride();
  const called = calledBy(args);
  const add = await called?.load();
  for (const entry of COMMANDS) {
    if (entry === called) add?.(program);
    else program.command(entry.name);
    commandOf(program, entry).description(entry.description);
  }
  if (called && add) {
    const { refuseUnknownFlag } = await import('./unknown-flag.ts');
    refuseUnknownFlag(add, called.name, args);
  }
  return program;
}

/** The command that the arguments name: `rtpipeline dvh --help` and `rtpipeline help dvh` call the same. */
function calledBy(args: string[]): CommandEntry | undefined {
  const [first, second] = args.filter((one) => !one.startsWith('-'));
  const name = first === 'help' ? second : first;
  return COMMANDS.find((entry) => entry.name === name);
}

function commandOf(program: Command, { name }: CommandEntry): Command {
  const found = program.commands.find((command) => command.name() === name);
  if (!found) throw new Error(`the module of the command ${name} adds another one`);
  return found;
}

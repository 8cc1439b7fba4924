/**
 * Imports what is no part of the program: a user's module, packages that few need. The program's files are compiled with
 * their bytecode (load.ts), and Node lets no such script import; this file alone is loaded by Node itself.
 * @param specifier a package's name, or a file's URL
 */
export function importModule(specifier: string): Promise<unknown> {
  return import(specifier);
}

/** A function of the script; those that it calls come before it in the table. */
export interface ShellFunction {
  readonly needs: readonly ShellFunctionName[];
  readonly lines: readonly string[];
}

export type ShellFunctionName =
  | 'fail'
  | 'warn'
  | 'device'
  | 'merged'
  | 'has_entries'
  | 'alike'
  | 'label'
  | 'backing'
  | 'attach'
  | 'mounted'
  | 'make_point'
  | 'hide_metadata'
  | 'plain_point'
  | 'need_point'
  | 'detach'
  | 'put_back'
  | 'reach'
  | 'put_beneath'
  | 'begins'
  | 'lift'
  | 'listed'
  | 'go_back'
  | 'same';

/** Some of them. METADATA stands for the name of the metadata directory. */
export type ShellFunctions = Readonly<Partial<Record<ShellFunctionName, ShellFunction>>>;

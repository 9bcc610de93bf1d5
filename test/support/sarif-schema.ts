import { Ajv2020 } from 'ajv/dist/2020.js';

const message = {
  type: 'object',
  additionalProperties: false,
  required: ['text'],
  // No placeholder (3.11.5) and no embedded link (3.11.6): both need characters that are escaped in honest text.
  properties: {
    text: {
      type: 'string',
      minLength: 1,
      pattern: '^([^{}]|\\{\\{|\\}\\})*$',
      not: { pattern: '[^\\\\]\\]\\(' },
    },
  },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };

/** The parts of the Static Analysis Results Interchange Format 2.1.0 that are used here, as the standard has them. */
const SARIF = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'runs', '$schema'],
  properties: {
    $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['tool', 'results', 'invocations', 'columnKind'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            additionalProperties: false,
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                additionalProperties: false,
                required: ['name', 'semanticVersion', 'rules'],
                properties: {
                  name: { type: 'string' },
                  semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['id', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration'],
                      properties: {
                        id: { type: 'string' },
                        shortDescription: message,
                        fullDescription: message,
                        help: message,
                        defaultConfiguration: {
                          type: 'object',
                          additionalProperties: false,
                          properties: { level },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
          invocations: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['executionSuccessful'],
              properties: {
                executionSuccessful: { type: 'boolean' },
                toolExecutionNotifications: {
                  type: 'array',
                  items: {
                    type: 'object',
                    additionalProperties: false,
                    required: ['message'],
                    properties: { level, message },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'],
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level,
                message,
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    additionalProperties: false,
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        additionalProperties: false,
                        required: ['artifactLocation'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            additionalProperties: false,
                            required: ['uri'],
                            // RFC 3986: what a URI reference is made of.
                            properties: {
                              uri: {
                                type: 'string',
                                pattern: "^(file://)?([\\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$",
                              },
                            },
                          },
                        },
                      },
                      logicalLocations: {
                        type: 'array',
                        items: {
                          type: 'object',
                          additionalProperties: false,
                          required: ['fullyQualifiedName'],
                          properties: { fullyQualifiedName: { type: 'string' }, kind: { type: 'string' } },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

export interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
        readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
      }[];
    }[];
  }[];
}

/** A log in that format, if it is one, and its results name its rules. @throws Error with what is not */
export function readSarif(text: string): Sarif['runs'][number] {
  const value: unknown = JSON.parse(text);
  const ajv = new Ajv2020({ allErrors: true });
  if (!ajv.validate(SARIF, value)) throw new Error(`no SARIF: ${ajv.errorsText()}`);
  const run = (value as Sarif).runs[0]!;
  for (const { ruleId, ruleIndex } of run.results) {
    const rule = run.tool.driver.rules[ruleIndex];
    if (rule?.id !== ruleId) throw new Error(`result of '${ruleId}' names rule '${rule?.id}'`);
  }
  return run;
}

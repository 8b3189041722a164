import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { type QueryTable, queryTables } from '../../lib/stages/aggregate/query-tables.ts';
import { QUERY_RESULTS, resultKeys } from '../../lib/store/keys.ts';
import type { Deployment } from '../config.ts';
import { EXAMPLE_QUERIES } from '../example-queries.ts';
import type { Storage } from '../storage-stack.ts';

export interface QueriesProps {
  deployment: Deployment;
  storage: Storage;
}

/** The partition key of every table: the name of the run. */
const RUN = 'run';
const TABLES = await queryTables();
const GIB = 2 ** 30;
/** Glue cuts no comment, it refuses longer ones. */
const LONGEST_COMMENT = 255;

/** Types of Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const TYPES: Record<QueryTable['columns'][number]['type'], string> = {
  string: 'string',
  double: 'double',
  int: 'bigint',
  boolean: 'boolean',
  timestamp: 'timestamp',
  numbers: 'map<string,double>',
  texts: 'map<string,string>',
};

/**
 * The tables of all runs for Athena, and a workgroup that bounds what a query reads and encrypts what it answers.
 *
 * The run is an injected partition: a query names its runs, and Athena finds their folders by the name alone. So no run needs a
 * partition, none is left behind when a run is deleted, and no query counts a patient of two runs twice because it forgot to
 * choose: without a run Athena refuses it.
 */
export class Queries extends Construct {
  readonly database: string;
  readonly workgroup: string;
  private readonly props: QueriesProps;

  constructor(scope: Construct, id: string, props: QueriesProps) {
    super(scope, id);
    this.props = props;
    const { name } = props.deployment;
    this.database = databaseOf(name);
    this.workgroup = name;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name: this.database, description: 'Tables of radiotherapy runs' },
    });
    for (const table of TABLES) this.table(table).addResourceDependency(database);
    const workgroup = this.group();
    for (const { name: query, description, sql } of EXAMPLE_QUERIES) {
      new CfnNamedQuery(this, query, {
        name: query,
        description,
        database: this.database,
        workGroup: this.workgroup,
        queryString: sql,
      }).addResourceDependency(workgroup);
    }
  }

  private table({ name, columns }: QueryTable): CfnTable {
    const { results } = this.props.storage;
    const runs = results.s3UrlForObject('runs/');
    const file = resultKeys.queryTable(name);
    return new CfnTable(this, `${name}Table`, {
      catalogId: Stack.of(this).account,
      databaseName: this.database,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          classification: 'parquet',
          'projection.enabled': 'true',
          [`projection.${RUN}.type`]: 'injected',
          'storage.location.template': `${runs}\${${RUN}}/${file.slice(0, file.lastIndexOf('/') + 1)}`,
        },
        partitionKeys: [{ name: RUN, type: 'string', comment: 'name of the run: that of its upload' }],
        storageDescriptor: {
          location: runs,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          // By name: a run of an older version lacks columns, and has none in another place.
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            parameters: { 'parquet.column.index.access': 'false' },
          },
          columns: columns.map(({ name: column, type, meaning }) => ({
            name: column,
            type: TYPES[type],
            comment: shortened(meaning),
          })),
        },
      },
    });
  }

  private group(): CfnWorkGroup {
    const { deployment, storage } = this.props;
    return new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      description: 'Queries over the tables of radiotherapy runs',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: deployment.queryGib * GIB,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: storage.results.s3UrlForObject(QUERY_RESULTS),
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: storage.key.keyArn },
          expectedBucketOwner: Stack.of(this).account,
        },
      },
    });
  }
}

/** Athena supports no dashes in names. */
export function databaseOf(deployment: string): string {
  return deployment.replaceAll('-', '_');
}

function shortened(meaning: string): string {
  return meaning.length <= LONGEST_COMMENT ? meaning : `${meaning.slice(0, LONGEST_COMMENT - 3)}...`;
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";

/** Arguments for {@link HourlyJsonTable}. */
export interface HourlyJsonTableArgs {
    readonly bucketName: string;
    /** Where `year=YYYY/month=MM/day=DD/hour=HH/` begins, ending in a slash, e.g. `events/`. */
    readonly prefix: string;
    /** Name of the table. */
    readonly tableName: string;
    /** Columns by name, with their Hive type. Everything else in a line stays readable by adding a column. */
    readonly columns: Readonly<Record<string, string>>;
    /** Years that a query looks at when it names none. */
    readonly years: readonly [first: number, last: number];
}

/**
 * Makes newline-delimited JSON in hourly partitions readable by Athena at once: partitions are projected from their names, so
 * that neither a crawler nor `MSCK REPAIR TABLE` has to find them first.
 */
export class HourlyJsonTable extends pulumi.ComponentResource {
    constructor(name: string, args: HourlyJsonTableArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:HourlyJsonTable", name, args, opts);
        const location = `s3://${args.bucketName}/${args.prefix}`;
        const database = new aws.glue.CatalogDatabase(
            `${name}-database`,
            // Athena allows no dash in the name of a database.
            { name: stackNames().physical(name).replaceAll("-", "_") },
            { parent: this },
        );
        new aws.glue.CatalogTable(
            `${name}-table`,
            {
                databaseName: database.name,
                name: args.tableName,
                tableType: "EXTERNAL_TABLE",
                partitionKeys: PARTITIONS.map((key) => ({ name: key, type: "int" })),
                parameters: {
                    EXTERNAL: "TRUE",
                    classification: "json",
                    compressionType: "gzip",
                    "projection.enabled": "true",
                    "projection.year.type": "integer",
                    "projection.year.range": args.years.join(","),
                    ...integerProjection("month", "1,12"),
                    ...integerProjection("day", "1,31"),
                    ...integerProjection("hour", "0,23"),
                    "storage.location.template": location + PARTITIONS.map((key) => `${key}=\${${key}}/`).join(""),
                },
                storageDescriptor: {
                    location,
                    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
                    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                    columns: Object.entries(args.columns).map(([column, type]) => ({ name: column, type })),
                    serDeInfo: {
                        // Unlike Hive's own, this one gives an object as its JSON text in a string column.
                        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
                        // One line that it can't read, such as one with a repeated name, must not break a query over all others.
                        parameters: { "case.insensitive": "false", "ignore.malformed.json": "true" },
                    },
                },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

const PARTITIONS = ["year", "month", "day", "hour"];

function integerProjection(key: string, range: string): Record<string, string> {
    return {
        [`projection.${key}.type`]: "integer",
        [`projection.${key}.range`]: range,
        [`projection.${key}.digits`]: "2",
    };
}

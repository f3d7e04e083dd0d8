import * as assert from "node:assert/strict";
import {
    holdsSecret,
    looksLikePlaceholder,
    looksLikeSecretName,
    looksLikeSecretValue,
} from "../../policy/support/secretNames";
import { planOf } from "../support/plans";

describe("a name", () => {
    for (const name of [
        ...["DB_PASSWORD", "PGPASSWORD", "dbPassword", "passwd", "DB_PASS", "PASSPHRASE", "db-pwd"],
        ...["CLIENT_SECRET", "clientSecret", "APP_SECRETS", "MYSECRET", "credentials", "GITHUB_TOKEN", "accessToken"],
        ...["API_KEY", "stripeApiKey", "APIKEY", "PRIVATE_KEY", "JWT_SIGNING_KEY", "HMAC_KEY", "TOKENS"],
        ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "awsAccessKeyId", "ECS_ENGINE_AUTH_DATA"],
        ...["/quartet/prod/db/password", "CONNECTION_STRING", "SECRET_VALUE"],
    ]) {
        it(`tells a credential: ${name}`, () => {
            assert.equal(looksLikeSecretName(name), true);
        });
    }

    for (const name of [
        ...["SECRET_ARN", "secretArn", "DB_PASSWORD_PARAMETER", "SECRET_NAME", "SecretId", "API_KEY_ID", "TOKEN_URL"],
        ...["TOKEN_TTL_SECONDS", "TOKEN_TTL", "PASSWORD_MIN_LENGTH", "PASSWORD_POLICY", "MAX_TOKENS", "TOKEN_ISSUER"],
        ...["KEY_ARN", "KMS_KEY_ID", "PARTITION_KEY", "OBJECT_KEY", "PUBLIC_KEY", "KMS_KEY", "DATABASE", "TABLE", ""],
        ...["SECRETARY", "TOKENIZER", "PASSWORDLESS", "PASS_THROUGH", "BYPASS", "COMPASS", "CLIENTS", "IAM_ROLES"],
        ...["API_KEY_HEADER", "SECRETS_MANAGER", "AUTHOR", "MONKEY", "SECRET_PATH", "API_KEY_REQUIRED"],
    ]) {
        it(`tells no credential: ${name}`, () => {
            assert.equal(looksLikeSecretName(name), false);
        });
    }
});

/** Put together here, so that scanners of this repository find none. */
const of = (...parts: readonly string[]) => parts.join("");

const JWT = of("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".c2lnbmF0dXJl");

describe("a value", () => {
    for (const [title, value] of [
        ["an access key's id", of("AKIA", "IOSFODNN7EXAMPLE")],
        ["a session's access key id inside of a text", of("id=ASIA", "IOSFODNN7EXAMPLE;")],
        ["a secret access key", of("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY")],
        ["a private key", of("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE")],
        ["a private key without its kind", of("-----BEGIN ", "PRIVATE KEY-----")],
        ["a token of GitHub", of("ghp_", "a1B2".repeat(9))],
        ["a fine-grained token of GitHub", of("github_pat_", "11ABCDEFG0".repeat(3))],
        ["a token of GitLab", of("glpat-", "a1B2c3D4e5".repeat(2))],
        ["a token of Slack", of("xoxb-", "123456789012-abcdef")],
        ["a webhook of Slack", of("https://hooks.slack.com/", "services/T000/B000/XXXX")],
        ["a key of Stripe", of("sk_live_", "a1B2c3D4e5F6g7H8")],
        ["a key of OpenAI", of("sk-", "proj-", "a1B2c3D4".repeat(5))],
        ["a key of Google", of("AIza", "a1B2c3D".repeat(5))],
        ["a token of Pulumi", of("pul-", "0123456789".repeat(4))],
        ["a token of npm", of("npm_", "a1B2c3".repeat(6))],
        ["a key of SendGrid", of("SG.", "a1B2c3D4".repeat(3), ".", "a1B2c3D4".repeat(5))],
        ["a JWT", JWT],
        ["a header with a JWT", `Bearer ${JWT}`],
        ["a header with a name and password", "Basic dXNlcjpwYXNzd29yZDE="],
        ["a password in a URL", "postgres://orders:hunter22@db.example.com:5432/orders"],
        ["a password without a user in a URL", "redis://:hunter22@cache.example.com:6379"],
        ["a password in a connection string", "Server=db;User Id=orders;Password=hunter22;"],
        ["a secret in JSON", '{"user": "orders", "password": "hunter22"}'],
    ]) {
        it(`is a credential: ${title}`, () => {
            assert.equal(looksLikeSecretValue(value), true);
        });
    }

    for (const value of [
        ...["", "3600", "true", "P30D", "128", "quartet-prod-orders", '["https://app.example.com"]', "{}", "GET,POST"],
        ...["arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf", "/quartet/prod/db/password"],
        ...["a5fceaa8-8961-5185-aacd-a8884ce40bbf", "mrk-1234abcd12ab34cd56ef1234567890ab", "alias/quartet-prod-data"],
        ...[
            "https://sqs.eu-west-1.amazonaws.com/222222222222/orders",
            "https://api.example.com:8443/x@y",
            "Basic authentication",
        ],
        ...["postgres://orders@db.example.com:5432/orders", "postgres://orders:${PASSWORD}@db.example.com/orders"],
        ...[
            "postgres://orders:{{resolve:secretsmanager:db}}@db/orders",
            "Server=db;Password={password}",
            "user@example.com",
        ],
        ...["0123456789abcdef0123456789abcdef01234567", "Components/Support/PrivateBuckets/Version1", "sk-learn"],
        ...['{"passwordArn": "arn:aws:ssm:x"}', '{"password": "arn:aws:ssm:eu-west-1:222222222222:parameter/x"}'],
        ...["eyJhbGciOiJub25lIn0", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ]) {
        it(`is no credential: ${value}`, () => {
            assert.equal(looksLikeSecretValue(value), false);
        });
    }
});

describe("a setting", () => {
    for (const [name, value] of [
        ["DB_PASSWORD", "hunter22"],
        ["TABLE", of("AKIA", "IOSFODNN7EXAMPLE")],
        ["API_KEY", "a5fceaa8-8961-5185-aacd-a8884ce40bbf"],
        ["TOKEN", "https://api.example.com/?token=1"],
    ]) {
        it(`holds a credential: ${name} with ${value}`, () => {
            assert.equal(holdsSecret(name, value), true);
        });
    }

    for (const [name, value] of [
        ["DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf"],
        ["DB_PASSWORD", "/quartet/prod/db/password"],
        ["DB_SECRET", "quartet/prod/db"],
        ["DB_PASSWORD", "{{resolve:ssm-secure:/quartet/db}}"],
        ["SIGNING_KEY", "alias/quartet-signing"],
        ["CLIENT_SECRET", ""],
        ["TABLE", "orders"],
    ]) {
        it(`holds none: ${name} with ${value || "nothing"}`, () => {
            assert.equal(holdsSecret(name, value), false);
        });
    }

    it("holds none in the environments of our own functions and containers", async () => {
        const plans = await Promise.all([planOf("dev"), planOf("prod")]);

        const settings = plans
            .flatMap(({ resources }) => resources)
            .flatMap(({ type, inputs }) => settingsOf(type, inputs));

        assert.ok(settings.length > 50);
        assert.deepEqual(
            settings.filter(([name, value]) => looksLikeSecretName(name) || looksLikeSecretValue(value)),
            [],
        );
    });
});

describe("a secret's value", () => {
    for (const value of [
        ...["changeme", "CHANGE_ME", "change-this", "password1", "my-secret", "your_api_key", "SuperSecret!", "todo"],
        ...["xxxx", "********", "12345678", "<password>", "x", '{"username": "orders", "password": "changeme"}'],
    ]) {
        it(`is a placeholder: ${value}`, () => {
            assert.equal(looksLikePlaceholder(value), true);
        });
    }

    for (const value of [
        ...["", "hunter22-and-more", "correct horse battery staple", "a".repeat(20) + "b", "testament", "secretariat"],
        '{"username": "admin", "password": "k3-Vq9.tz"}',
    ]) {
        it(`is no placeholder: ${value || "nothing"}`, () => {
            assert.equal(looksLikePlaceholder(value), false);
        });
    }
});

function settingsOf(type: string, inputs: Readonly<Record<string, unknown>>): [string, string][] {
    if (type === "aws:lambda/function:Function") {
        const environment = inputs.environment as { variables?: Record<string, string> } | undefined;
        return Object.entries(environment?.variables ?? {});
    }
    if (type === "aws:ecs/taskDefinition:TaskDefinition") {
        const containers = JSON.parse(inputs.containerDefinitions as string) as {
            environment?: { name: string; value: string }[];
        }[];
        return containers.flatMap(({ environment = [] }) =>
            environment.map(({ name, value }): [string, string] => [name, value]),
        );
    }
    return [];
}

import type { Report, Result } from "./types";

/** A report as a JUnit file: a suite for each system. Times are in seconds. */
export function junit({ stack, results }: Report): string {
    const systems = [...new Set(results.map(({ system }) => system))];
    const suites = systems.map((system) => {
        const own = results.filter((result) => result.system === system);
        const cases = own.map((result) => testCase(stack, result));
        return element("testsuite", { name: `smoke ${stack} ${system}`, ...counts(own) }, cases);
    });
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", { name: `smoke ${stack}`, ...counts(results) }, suites)}\n`;
}

function counts(results: readonly Result[]): Record<string, string | number> {
    const count = (outcome: Result["outcome"]) => results.filter((result) => result.outcome === outcome).length;
    const time = seconds(results.reduce((sum, { ms }) => sum + ms, 0));
    return { tests: results.length, failures: count("failed"), errors: 0, skipped: count("skipped"), time };
}

function testCase(stack: string, { system, title, outcome, reason = "", ms }: Result): string {
    const content = {
        passed: [],
        failed: [element("failure", { message: reason }, [])],
        skipped: [element("skipped", { message: reason }, [])],
    }[outcome];
    return element("testcase", { classname: `smoke.${stack}.${system}`, name: title, time: seconds(ms) }, content);
}

function element(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    content: readonly string[],
): string {
    const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(String(value))}"`)].join(
        " ",
    );
    return content.length === 0 ? `<${start}/>` : `<${start}>\n${content.join("\n")}\n</${name}>`;
}

function seconds(ms: number): string {
    return (ms / 1000).toFixed(3);
}

/** As XML 1.0 takes it in an attribute; characters that it does not know at all are replaced. */
function escape(text: string): string {
    return text
        .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
        .replace(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

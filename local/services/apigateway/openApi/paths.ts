/**
 * Refuses paths that API Gateway can't make resources of.
 *
 * @throws A sentence that names the path.
 */
export function refuseUnroutable(paths: readonly string[]): void {
    const siblings = new Map<string, string>();
    for (const path of paths) {
        if (!path.startsWith("/")) {
            throw new Error(`The path ${path} does not begin with a slash.`);
        }
        const segments = path.split("/").slice(1);
        segments.forEach((segment, index) => {
            if (path !== "/") {
                refuseSegment(path, segment, index === segments.length - 1);
            }
            refuseSibling(siblings, path, segments.slice(0, index).join("/"), segment);
        });
    }
}

const FIXED = /^[\w.,:-]+$/;

const PARAMETER = /^\{[\w.,:-]+(\+?)\}$/;

function refuseSegment(path: string, segment: string, last: boolean): void {
    const parameter = PARAMETER.exec(segment);
    if (!parameter && !FIXED.test(segment)) {
        throw new Error(
            `The path ${path} has the segment "${segment}": API Gateway takes letters, digits, "_", "-", ".", "," and ":", or one parameter in braces that is the whole segment.`,
        );
    }
    if (parameter?.[1] && !last) {
        throw new Error(`The path ${path} goes on after ${segment}, which takes all that follows.`);
    }
}

function refuseSibling(siblings: Map<string, string>, path: string, parent: string, segment: string): void {
    if (!segment.startsWith("{")) {
        return;
    }
    // A greedy parameter may stand beside a plain one.
    const key = `${parent} ${segment.endsWith("+}") ? "+" : ""}`;
    const present = siblings.get(key) ?? segment;
    if (present !== segment) {
        throw new Error(
            `The path ${path} names a parameter ${segment} where another path has ${present}; API Gateway allows one.`,
        );
    }
    siblings.set(key, segment);
}

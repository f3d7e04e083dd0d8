import type { Route } from "./route";

/** The routes of one path, by method. */
export interface PathMatch {
    readonly routes: readonly Route[];
    /** Decoded values of the path's parameters. */
    readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Makes the function that finds a path in a table of routes. Like API Gateway, it looks past slashes at the end of a path
 * and repeated ones. A path without parameters wins over one with.
 */
export function pathFinder(routes: readonly Route[]): (path: string) => PathMatch | undefined {
    const paths = [...new Set(routes.map(({ path }) => path))]
        .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")))
        .map((path) => ({ names: segments(path), routes: routes.filter((route) => route.path === path) }));
    return (path) => {
        const values = segments(path);
        for (const { names, routes } of paths) {
            const parameters = matchSegments(names, values);
            if (parameters) {
                return { routes, parameters };
            }
        }
        return undefined;
    };
}

/** Methods that a path answers, as `Allow` lists them. */
export function allowedMethods(routes: readonly Route[]): string[] {
    return [...routes.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"];
}

function segments(path: string): string[] {
    return path.split("/").filter((segment) => segment !== "");
}

function matchSegments(names: readonly string[], values: readonly string[]): Record<string, string> | undefined {
    if (names.length !== values.length) {
        return undefined;
    }
    const parameters: Record<string, string> = {};
    for (const [index, name] of names.entries()) {
        const value = decoded(values[index]);
        if (value === undefined || (!name.startsWith("{") && name !== value)) {
            return undefined;
        }
        if (name.startsWith("{")) {
            parameters[name.slice(1, -1)] = value;
        }
    }
    return parameters;
}

function decoded(segment: string): string | undefined {
    try {
        return decodeURIComponent(segment);
    } catch {
        return undefined;
    }
}

import tseslint from "typescript-eslint";

/** Forbids imports from folders, by the way a relative import names them. */
const without = (folders, why, packages = []) => ({
    "no-restricted-imports": [
        "error",
        {
            patterns: [
                ...folders.map((folder) => ({ group: [`**/../${folder}/**`, `./${folder}/**`], message: why })),
                ...packages.map((name) => ({ group: [name], message: why })),
            ],
        },
    ],
});

export default tseslint.config(
    { ignores: ["node_modules", "dist", ".local", ".cache"] },
    ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
    {
        files: ["**/*.ts"],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
            "@typescript-eslint/no-unused-vars": [
                "error",
                { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
            ],
            "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
            "@typescript-eslint/no-require-imports": "off",
            "@typescript-eslint/unbound-method": "off",
            // Plans are data of unknown shape, put into names and messages.
            "@typescript-eslint/no-base-to-string": "off",
            "@typescript-eslint/restrict-template-expressions": "off",
            "no-restricted-syntax": [
                "error",
                { selector: "ExportAllDeclaration", message: "No barrels: import from where a thing is." },
            ],
        },
    },
    // Imports point one way: index → components → handlers → handlers/shared; plan loads index; local reads plans.
    {
        files: ["handlers/**/*.ts"],
        rules: without(
            ["components", "plan", "local", "policy", "tools"],
            "Handlers run in Lambda and know nothing of their deployment.",
            ["@pulumi/*"],
        ),
    },
    {
        files: ["handlers/shared/**/*.ts"],
        rules: without(
            [
                "components",
                "plan",
                "local",
                "policy",
                "tools",
                "eventIngest",
                "uploadPipeline",
                "orderService",
                "challengeApi",
            ],
            "Shared code knows no system.",
            ["@pulumi/*"],
        ),
    },
    {
        files: ["components/**/*.ts", "index.ts", "bootstrap/**/*.ts"],
        rules: without(["plan", "local", "policy", "tools"], "The program knows nothing of its readers."),
    },
    {
        files: ["plan/**/*.ts"],
        rules: without(
            ["components", "handlers", "local", "policy", "tools"],
            "A plan is data: it knows AWS's types, not our systems.",
        ),
    },
    {
        files: ["policy/**/*.ts"],
        rules: without(
            ["components", "handlers", "plan", "local", "tools"],
            "The pack judges any program: it knows AWS's types, not our systems.",
        ),
    },
    {
        files: ["local/**/*.ts"],
        rules: without(
            ["components", "handlers", "policy", "tools"],
            "The local run knows AWS's types, not our systems.",
        ),
    },
    {
        files: ["test/**/*.ts"],
        rules: {
            "@typescript-eslint/no-explicit-any": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-return": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/require-await": "off",
        },
    },
);

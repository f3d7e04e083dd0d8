import * as pulumi from "@pulumi/pulumi";
import { builtImage } from "./containerImage";

/** What {@link containerDefinition} describes. */
export interface ContainerArgs {
    readonly name: string;
    readonly imageUri: pulumi.Input<string>;
    /** JavaScript file that the local run starts, relative to the project's folder. */
    readonly program: pulumi.Input<string>;
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    /** Arguments of the program. */
    readonly command: readonly string[];
    /** Seconds from SIGTERM to SIGKILL. */
    readonly stopTimeout: number;
    /** Age at which its heartbeat is too old, in seconds; without it there is no health check. */
    readonly heartbeatSeconds: number | undefined;
    readonly logGroup: string;
    readonly region: string;
    /** Name of the task's volume for temporary files. */
    readonly volume: string;
}

/**
 * A container on Fargate, in the terms of the ECS API, with no more rights than a Node program needs: an ordinary user without
 * capabilities, who can write temporary files only.
 */
export function containerDefinition(args: ContainerArgs): pulumi.Output<object> {
    return pulumi.output({
        name: args.name,
        image: args.imageUri,
        essential: true,
        command: [...args.command],
        environment: Object.entries(args.environment).map(([name, value]) => ({ name, value })),
        user: builtImage.user,
        readonlyRootFilesystem: true,
        mountPoints: [{ sourceVolume: args.volume, containerPath: builtImage.volume, readOnly: false }],
        linuxParameters: {
            // A process with number 1 would get no signal that it does not handle.
            initProcessEnabled: true,
            capabilities: { drop: ["ALL"] },
        },
        stopTimeout: args.stopTimeout,
        ...(args.heartbeatSeconds === undefined ? {} : { healthCheck: healthCheck(args.heartbeatSeconds) }),
        logConfiguration: {
            logDriver: "awslogs",
            options: {
                "awslogs-group": args.logGroup,
                "awslogs-region": args.region,
                "awslogs-stream-prefix": args.name,
                // Node writes its log synchronously: when CloudWatch is out of reach, a line is lost rather than the work halted.
                mode: "non-blocking",
                "max-buffer-size": "4m",
            },
        },
        dockerLabels: { [LOCAL_ENTRY_LABEL]: args.program },
    });
}

/** By this label the local run finds what stands for the image on this machine. */
const LOCAL_ENTRY_LABEL = "quartet.local.entry";

/** The image has no shell, and the program is too large to be loaded twice a minute: Node itself looks at the file's age. */
function healthCheck(heartbeatSeconds: number): object {
    const file = JSON.stringify(`${builtImage.volume}/heartbeat`);
    const script = `process.exit(Date.now() - fs.statSync(${file}).mtimeMs > ${heartbeatSeconds * 1000} ? 1 : 0)`;
    return {
        command: ["CMD", builtImage.node, "-e", script],
        interval: 30,
        // A quarter of a processor takes its time to start Node while the program works.
        timeout: 15,
        retries: 3,
        startPeriod: 60,
    };
}

package org.millwright.reproduction;

/** A project whose models are made again. */
public final class AgainProject {
    private AgainProject() {}

    /** Its file, to which lines can be added. */
    public static String file(int threads) {
        return """
                apiVersion: millwright/v1
                kind: Project
                name: again
                purpose: Shows which models can be made again.
                owner: ana
                risk-tier: low
                data: []
                members: {ana: [data-scientist], ben: [approver]}
                environment: {python: "3.11", threads: %d}
                model: {name: again, task: regression, label: y}
                """.formatted(threads);
    }
}

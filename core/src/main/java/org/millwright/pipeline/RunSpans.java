package org.millwright.pipeline;

import org.millwright.trace.Span;
import org.millwright.trace.Tracing;

/** The spans of runs and of their steps. A run is one trace, also across restarts; going on with it makes it longer. */
final class RunSpans {
    private volatile Tracing tracing = Tracing.OFF;

    void traceBy(Tracing given) {
        tracing = given;
    }

    /** The span of an attempt of a step, which begins now. */
    Span step(StepContext context) {
        Step step = context.step();
        return of(context.run())
                .child("step " + step.id(), Span.Kind.INTERNAL)
                .put("millwright.project", context.run().project())
                .put("millwright.run", context.run().id())
                .put("millwright.step", step.id())
                .put("millwright.step.kind", step.kind())
                .put("millwright.step.attempt", context.attempt());
    }

    /** Sends the span of a run that has ended. */
    void ended(PipelineRun run, RunStatus status) {
        try (Span span = of(run)) {
            span.put("millwright.project", run.project())
                    .put("millwright.pipeline", run.pipeline())
                    .put("millwright.run", run.id())
                    .put("millwright.run.status", status.text());
            if (status != RunStatus.SUCCEEDED) {
                span.fail("The run was " + status.text());
            }
        }
    }

    private Span of(PipelineRun run) {
        return tracing.lasting(run.ref(), "run " + run.pipeline(), run.createdAt());
    }
}

package org.millwright.web.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What calls throw, as gRPC says it. */
record Failures(Ids ids) {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    Status status(String method, RuntimeException thrown) {
        return switch (thrown) {
            case InvalidInput e -> Status.INVALID_ARGUMENT.withDescription(e.getMessage());
            case StatusRuntimeException e -> e.getStatus();
            case Problem problem -> of(problem).withDescription(problem.getMessage());
            default -> {
                String id = ids.next("fault");
                LOG.error("gRPC {} failed ({})", method, id, thrown);
                yield Status.INTERNAL.withDescription(
                        "the model or the server failed; the server's log has the details under " + id);
            }
        };
    }

    private static Status of(Problem problem) {
        return switch (problem) {
            case Problem.Invalid p -> Status.INVALID_ARGUMENT;
            case Problem.NotFound p -> Status.NOT_FOUND;
            case Problem.Unauthenticated p -> Status.UNAUTHENTICATED;
            case Problem.Denied p -> Status.PERMISSION_DENIED;
            case Problem.TooLarge p -> Status.RESOURCE_EXHAUSTED;
            case Problem.Unavailable p -> Status.UNAVAILABLE;
            case Problem.Busy p -> Status.UNAVAILABLE;
            default -> Status.FAILED_PRECONDITION;
        };
    }
}

package org.millwright.engines.otlp;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.kernel.Problem;
import org.millwright.trace.Tracing;

/**
 * Where traces go, by OpenTelemetry's own environment variables. Unless one of them names an endpoint nothing of OpenTelemetry
 * is loaded: its usual endpoint, some port of this machine, is not assumed.
 */
public final class Collector {
    private static final String PREFIX = "OTEL_";
    private static final Set<String> ENDPOINTS =
            Set.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    private static final Set<String> PROTOCOLS =
            Set.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL");
    private static final String PROTOCOL = "http/protobuf";
    private static final String EXPORTER = "OTEL_TRACES_EXPORTER";

    private Collector() {}

    /** The variables of OpenTelemetry that are set, without empty ones, which mean the same as none. */
    public static Map<String, String> variables(Map<String, String> environment) {
        var variables = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) {
                variables.put(name, value.strip());
            }
        });
        return variables;
    }

    /** Tracing to the collector that the variables name; {@link Problem.Invalid} for one that means nothing here. */
    public static Tracing tracing(Map<String, String> variables) {
        boolean disabled = "true".equalsIgnoreCase(variables.get("OTEL_SDK_DISABLED"));
        String exporter = variables.getOrDefault(EXPORTER, "otlp");
        if (disabled || exporter.equals("none") || ENDPOINTS.stream().noneMatch(variables::containsKey)) {
            return Tracing.OFF;
        }
        require(EXPORTER, exporter, "otlp");
        for (String name : PROTOCOLS) {
            require(name, variables.getOrDefault(name, PROTOCOL), PROTOCOL);
        }
        return OtlpTracing.to(variables);
    }

    private static void require(String name, String value, String only) {
        if (!value.equals(only)) {
            throw new Problem.Invalid(
                    name + ": '" + value + "' (expected: " + only + ", the only one here)", "Correct or unset it.");
        }
    }
}

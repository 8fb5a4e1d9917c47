package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** A pipeline: its parameters and its steps in the order written. */
public record Pipeline(String name, List<Parameter> parameters, List<Step> steps) {
    public Pipeline {
        parameters = List.copyOf(parameters);
        steps = List.copyOf(steps);
    }

    public Step step(String id) {
        return steps.stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound("Pipeline " + name + " has no step " + id));
    }

    public Graph graph() {
        var needs = new java.util.LinkedHashMap<String, List<String>>();
        steps.forEach(step -> needs.put(step.id(), step.needs()));
        return new Graph(needs);
    }

    /** The values of all parameters; {@link Problem.Invalid} names every one that is missing, unknown or malformed. */
    public Map<String, String> values(Map<String, String> given) {
        var errors = new ArrayList<String>();
        var values = new TreeMap<String, String>();
        List<String> names = parameters.stream().map(Parameter::name).toList();
        given.keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .forEach(name -> errors.add("unknown parameter '" + name + "'"
                        + Yaml.nearest(name, names)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")
                        + " (pipeline " + this.name + " has: " + (names.isEmpty() ? "none" : String.join(", ", names))
                        + ")"));
        for (Parameter parameter : parameters) {
            Optional<String> value =
                    Optional.ofNullable(given.get(parameter.name())).or(parameter::fallback);
            if (value.isEmpty()) {
                errors.add("parameter '" + parameter.name() + "' is missing (expected "
                        + parameter.type().expected() + ")");
                continue;
            }
            try {
                values.put(parameter.name(), parameter.type().normal(value.get()));
            } catch (IllegalArgumentException e) {
                errors.add("parameter '" + parameter.name() + "': expected "
                        + parameter.type().expected() + ", got '" + value.get() + "'");
            }
        }
        if (!errors.isEmpty()) {
            throw new Problem.Invalid(String.join("\n", errors), "mw run " + name + " -p NAME=VALUE …");
        }
        return values;
    }
}

package org.millwright.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.project.Durations;

/** Reads {@code pipeline.yaml} and notes everything that is wrong with it. */
final class PipelineReader {
    static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final List<String> COMMON = List.of("id", "kind", "needs", "timeout", "cache");

    private final Yaml.Value root;
    private final StepKinds kinds;
    private final Set<String> files;
    /** Steps of an unknown kind: what refers to them is not wrong as well. */
    private final Set<String> unread = new LinkedHashSet<>();

    private final Function<String, Optional<String>> text;
    /** Mistakes in other files, once each though many steps name the file. */
    private final Set<String> inFiles = new LinkedHashSet<>();

    PipelineReader(String text, StepKinds kinds, Set<String> files, Function<String, Optional<String>> texts) {
        this.root = Yaml.parse(PipelineFile.FILE, text);
        this.kinds = kinds;
        this.files = files;
        this.text = texts;
    }

    PipelineFile read() {
        root.only("apiVersion", "kind", "pipelines");
        expect("apiVersion", "millwright/v1");
        expect("kind", "Pipelines");
        var pipelines = new LinkedHashMap<String, Pipeline>();
        root.need("pipelines")
                .ifPresent(map -> map.fields().forEach((name, value) -> {
                    checkName(value, "a pipeline's name", name);
                    pipelines.put(name, pipeline(name, value));
                }));
        root.finish(inFiles);
        return new PipelineFile(pipelines);
    }

    private void expect(String key, String value) {
        root.need(key)
                .filter(found -> !found.asText().equals(value))
                .ifPresent(found -> found.error("expected '" + value + "', got '" + found.asText() + "'"));
    }

    private static void checkName(Yaml.Value at, String what, String name) {
        if (!NAME.matcher(name).matches()) {
            at.error("expected " + what + " of 1-63 of a-z 0-9 - _ that starts with a letter, got '" + name + "'");
        }
    }

    private Pipeline pipeline(String name, Yaml.Value value) {
        value.only("parameters", "steps");
        var parameters = new ArrayList<Parameter>();
        value.get("parameters")
                .ifPresent(map -> map.fields().forEach((id, entry) -> {
                    checkName(entry, "a parameter's name", id);
                    parameters.add(parameter(id, entry));
                }));
        var entries = value.need("steps").map(Yaml.Value::items).orElse(List.of());
        var drafts = new LinkedHashMap<String, Draft>();
        for (Yaml.Value entry : entries) {
            draft(entry, parameters).ifPresent(draft -> {
                if (drafts.putIfAbsent(draft.id, draft) != null) {
                    entry.error("a second step named '" + draft.id + "'");
                }
            });
        }
        List<Step> steps =
                drafts.values().stream().map(draft -> finish(draft, drafts)).toList();
        var pipeline = new Pipeline(name, parameters, steps);
        pipeline.graph()
                .cycle()
                .ifPresent(path -> Objects.requireNonNull(drafts.get(path.getFirst()))
                        .entry
                        .error("steps wait for each other: " + String.join(" → ", path)));
        return pipeline;
    }

    private static Parameter parameter(String name, Yaml.Value entry) {
        entry.only("type", "default");
        entry.need("type");
        Parameter.Type type = entry.read(
                "type",
                Parameter.Type.STRING,
                "string, int, double, bool, date, month or duration",
                Parameter.Type::of);
        Optional<String> fallback = entry.get("default").map(value -> {
            try {
                return type.normal(value.asText());
            } catch (IllegalArgumentException e) {
                value.error("expected " + type.expected() + ", got '" + value.asText() + "'");
                return "";
            }
        });
        return new Parameter(name, type, fallback);
    }

    /** A step whose references to others are not yet checked. */
    private static final class Draft {
        final String id;
        final StepRunner runner;
        final Yaml.Value entry;
        final Map<String, Step.Reference> inputs = new LinkedHashMap<>();
        final Map<String, Yaml.Value> inputValues = new LinkedHashMap<>();
        final Map<String, OutputType> outputs = new LinkedHashMap<>();
        final List<String> run = new ArrayList<>();
        final List<String> named = new ArrayList<>();
        final ObjectNode settings = Json.object();
        Optional<List<String>> code = Optional.empty();
        final Map<String, String> parameters = new LinkedHashMap<>();

        Draft(String id, StepRunner runner, Yaml.Value entry) {
            this.id = id;
            this.runner = runner;
            this.entry = entry;
            this.outputs.putAll(runner.kind().outputs());
        }
    }

    private Optional<Draft> draft(Yaml.Value entry, List<Parameter> parameters) {
        String id = entry.text("id");
        if (entry.has("id")) {
            checkName(entry, "a step's id", id);
        }
        String kindName = entry.text("kind");
        Optional<StepRunner> runner = kinds.find(kindName);
        if (runner.isEmpty()) {
            unread.add(id);
            entry.get("kind")
                    .ifPresent(value -> value.error("unknown kind '" + kindName + "'"
                            + Yaml.nearest(kindName, kinds.names())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("")
                            + " (known: " + String.join(", ", kinds.names()) + ")"));
            return Optional.empty();
        }
        StepKind kind = runner.get().kind();
        var known = new ArrayList<>(COMMON);
        kind.keys().forEach(key -> known.add(key.name()));
        entry.only(known.toArray(String[]::new));
        var names = parameters.stream().map(Parameter::name).toList();
        var draft = new Draft(id, runner.get(), entry);
        for (StepKind.Key key : kind.keys()) {
            Optional<Yaml.Value> value = key.required() ? entry.need(key.name()) : entry.get(key.name());
            value.ifPresent(found -> readKey(draft, key, found));
        }
        runner.get().check(entry);
        try {
            runner.get().check(entry, text);
        } catch (Problem.Invalid e) {
            inFiles.add(String.valueOf(e.getMessage()));
        }
        draft.outputs.putAll(runner.get().outputs(entry));
        checkPlaceholders(draft, names);
        return Optional.of(draft);
    }

    private void readKey(Draft draft, StepKind.Key key, Yaml.Value value) {
        switch (key.form()) {
            case TEXT -> draft.settings.put(key.name(), value.asText());
            case DATA -> draft.settings.set(key.name(), Json.tree(Objects.requireNonNullElse(value.plain(), "")));
            case FILE -> {
                draft.settings.put(key.name(), value.asText());
                file(draft, value, value.asText());
            }
            case ARGUMENTS -> {
                value.items().forEach(item -> draft.run.add(item.asText()));
                if (draft.run.isEmpty()) {
                    value.error("expected a file of the project and its arguments, got an empty list");
                } else {
                    file(draft, value, draft.run.getFirst());
                }
            }
            case CODE ->
                draft.code = Optional.of(
                        value.items().stream().map(Yaml.Value::asText).toList());
            case REFERENCE -> reference(draft, key.name(), value);
            case INPUTS -> value.fields().forEach((name, item) -> reference(draft, name, item));
            case OUTPUTS -> value.fields().forEach((name, item) -> output(draft, name, item));
            case PARAMETERS -> value.fields().forEach((name, item) -> draft.parameters.put(name, item.asText()));
        }
    }

    private void file(Draft draft, Yaml.Value value, String name) {
        draft.named.add(name);
        if (!files.contains(name)) {
            value.error("the project has no file '" + name + "'"
                    + Yaml.nearest(name, files)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse(""));
        }
    }

    private static void reference(Draft draft, String name, Yaml.Value value) {
        String text = value.asText();
        int dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1) {
            value.error("expected STEP.OUTPUT, got '" + text + "'");
            return;
        }
        draft.inputs.put(name, new Step.Reference(text.substring(0, dot), text.substring(dot + 1)));
        draft.inputValues.put(name, value);
    }

    private static void output(Draft draft, String name, Yaml.Value value) {
        checkName(value, "an output's name", name);
        try {
            draft.outputs.put(name, OutputType.declared(value.asText()));
        } catch (IllegalArgumentException e) {
            value.error("expected one of " + OutputType.declarable() + ", got '" + value.asText() + "'");
        }
    }

    private static void checkPlaceholders(Draft draft, List<String> parameters) {
        var known = new LinkedHashSet<>(parameters);
        var inRun = new LinkedHashSet<>(parameters);
        draft.inputs.keySet().forEach(name -> inRun.add("inputs." + name));
        draft.outputs.forEach((name, type) -> {
            if (type.isPath()) {
                inRun.add("outputs." + name);
            }
        });
        draft.run.stream()
                .flatMap(argument -> Placeholders.names(argument).stream())
                .filter(parameters::contains)
                .forEach(name -> draft.parameters.putIfAbsent(name, "${" + name + "}"));
        for (StepKind.Key key : draft.runner.kind().keys()) {
            draft.entry
                    .get(key.name())
                    .ifPresent(value -> checkTexts(value, key.form() == StepKind.Form.ARGUMENTS ? inRun : known));
        }
    }

    private static void checkTexts(Yaml.Value value, Set<String> known) {
        if (value.isMap()) {
            value.fields().values().forEach(item -> checkTexts(item, known));
        } else if (value.isList()) {
            value.items().forEach(item -> checkTexts(item, known));
        } else {
            for (String name : Placeholders.names(value.asText())) {
                if (!known.contains(name)) {
                    value.error("unknown ${" + name + "}"
                            + Yaml.nearest(name, known)
                                    .map(near -> "; did you mean ${" + near + "}?")
                                    .orElse("")
                            + " (known: " + String.join(", ", known) + ")");
                }
            }
        }
    }

    private Step finish(Draft draft, Map<String, Draft> all) {
        draft.inputs.forEach((name, reference) ->
                checkReference(Objects.requireNonNull(draft.inputValues.get(name)), reference, all));
        var needs = new LinkedHashSet<String>();
        draft.entry.get("needs").ifPresent(value -> {
            for (Yaml.Value item : value.items()) {
                if (unread.contains(item.asText())) {
                    continue;
                }
                if (!all.containsKey(item.asText())) {
                    item.error(unknownStep(item.asText(), all.keySet()));
                } else {
                    needs.add(item.asText());
                }
            }
        });
        draft.inputs.values().stream()
                .map(Step.Reference::step)
                .filter(all::containsKey)
                .forEach(needs::add);
        if (draft.inputs.isEmpty() && !draft.entry.has("needs")) {
            for (String earlier : all.keySet()) {
                if (earlier.equals(draft.id)) {
                    break;
                }
                needs.add(earlier);
            }
        }
        var ordered = new ArrayList<String>();
        all.keySet().stream().filter(needs::contains).forEach(ordered::add);
        Duration timeout = draft.entry.read("timeout", DEFAULT_TIMEOUT, "a duration such as 30m", Durations::parse);
        return new Step(
                draft.id,
                draft.runner.kind().name(),
                ordered,
                draft.inputs,
                draft.outputs,
                draft.run,
                draft.code,
                draft.parameters,
                draft.named,
                draft.entry.flag("cache", true),
                timeout,
                draft.settings);
    }

    private void checkReference(Yaml.Value at, Step.Reference reference, Map<String, Draft> all) {
        Draft target = all.get(reference.step());
        if (unread.contains(reference.step())) {
            return;
        }
        if (target == null) {
            at.error(unknownStep(reference.step(), all.keySet()));
        } else if (!target.outputs.containsKey(reference.output())) {
            at.error("step '" + reference.step() + "' has no output '" + reference.output() + "'"
                    + Yaml.nearest(reference.output(), target.outputs.keySet())
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")
                    + " (it has: " + String.join(", ", target.outputs.keySet()) + ")");
        }
    }

    private static String unknownStep(String name, Set<String> steps) {
        return "the pipeline has no step '" + name + "'"
                + Yaml.nearest(name, steps)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("")
                + " (it has: " + String.join(", ", steps) + ")";
    }
}

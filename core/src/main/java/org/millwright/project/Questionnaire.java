package org.millwright.project;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/**
 * The questions that a request for a project answers, and what follows from the answers: the lowest risk tier that it may
 * state, with the reasons.
 *
 * @param version what the law's categories and the organisation's own questions were when it was asked
 */
public record Questionnaire(String version, List<Question> questions) {
    /** The organisation's own questions, beside the metadata; one with the id of a built-in question replaces it. */
    public static final String FILE = "intake.yaml";

    private static final int LARGEST = 256 * 1024;
    private static final int MOST = 50;

    public Questionnaire {
        questions = List.copyOf(questions);
    }

    /**
     * One question.
     *
     * @param source the law or rule that asks it
     * @param several whether more than one choice may hold
     */
    public record Question(String id, String ask, String source, boolean several, Map<String, Choice> choices) {
        public Question {
            choices = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(choices));
        }
    }

    /** One answer, and the tier that it means; empty for what may not be done at all. */
    public record Choice(String text, Optional<RiskTier> tier) {}

    /** The questions that Millwright comes with. */
    public static Questionnaire builtIn() {
        try (InputStream in = Questionnaire.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not part of this build");
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The built-in questions with those of the organisation's {@link #FILE} in the folder, if there is one. */
    public static Questionnaire of(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return builtIn();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new Problem.Invalid(file + " is larger than " + LARGEST + " bytes");
            }
            return builtIn().with(Files.readString(file));
        } catch (IOException e) {
            throw new Problem.Invalid("Cannot read " + file + ": " + e.getMessage());
        }
    }

    /** This with the questions of another text added, or in the place of those with the same id. */
    Questionnaire with(String text) {
        Questionnaire own = read(text);
        var all = new LinkedHashMap<String, Question>();
        questions.forEach(question -> all.put(question.id(), question));
        own.questions.forEach(question -> all.put(question.id(), question));
        String digest = Json.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        return new Questionnaire(version + "+" + own.version + "@" + digest, List.copyOf(all.values()));
    }

    /** Reads a questionnaire's text; one {@link Problem.Invalid} names every mistake with its line. */
    static Questionnaire read(String text) {
        Yaml.Value root = Yaml.parse(FILE, text);
        root.only("apiVersion", "kind", "version", "questions");
        ProjectFileReader.expect(root, "apiVersion", "millwright/v1");
        ProjectFileReader.expect(root, "kind", "Intake");
        var questions = new ArrayList<Question>();
        root.need("questions").ifPresent(list -> list.items().forEach(item -> questions.add(question(item))));
        if (questions.size() > MOST) {
            root.error("has " + questions.size() + " questions (at most " + MOST + ")");
        }
        String version = root.text("version");
        root.finish();
        return new Questionnaire(version, questions);
    }

    private static Question question(Yaml.Value item) {
        item.only("id", "ask", "source", "several", "choices");
        var choices = new LinkedHashMap<String, Choice>();
        item.need("choices")
                .ifPresent(map -> map.fields().forEach((answer, choice) -> {
                    choice.only("text", "tier");
                    choice.need("tier");
                    choices.put(
                            answer,
                            new Choice(
                                    choice.text("text"),
                                    choice.read(
                                            "tier",
                                            Optional.of(RiskTier.HIGH),
                                            "minimal, low, medium, high or prohibited",
                                            word -> word.equals("prohibited")
                                                    ? Optional.empty()
                                                    : Optional.of(RiskTier.of(word)))));
                }));
        if (choices.isEmpty()) {
            item.error("has no choices");
        }
        return new Question(
                ProjectFileReader.name(item, "id"),
                item.text("ask"),
                item.text("source", "the organisation's own"),
                item.flag("several", false),
                choices);
    }

    /**
     * What follows from answers; {@link Problem.Invalid} names every question without an answer and every answer that is
     * none, {@link Problem.Refused} every practice that is prohibited.
     */
    Assessment assess(Map<String, List<String>> answers) {
        var wrong = new ArrayList<String>();
        answers.keySet().stream()
                .filter(id ->
                        questions.stream().noneMatch(question -> question.id().equals(id)))
                .forEach(id -> wrong.add("unknown question '" + id + "'"
                        + Yaml.nearest(id, questions.stream().map(Question::id).toList())
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")));
        for (Question question : questions) {
            mistake(question, answers.getOrDefault(question.id(), List.of())).ifPresent(wrong::add);
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(
                    ProjectFile.FILE + ": intake: " + String.join("\n", wrong), "mw project questions shows them all.");
        }
        var reasons = new ArrayList<Assessment.Reason>();
        for (Question question : questions) {
            answers.getOrDefault(question.id(), List.of()).forEach(answer -> reasons.add(reason(question, answer)));
        }
        return Assessment.of(version, reasons);
    }

    /** The lowest tier that may be stated with the answers given so far, whether or not they are all there. */
    public RiskTier least(Map<String, List<String>> answers) {
        return questions.stream()
                .flatMap(question -> answers.getOrDefault(question.id(), List.of()).stream()
                        .flatMap(
                                answer -> Optional.ofNullable(question.choices().get(answer)).stream()))
                .flatMap(choice -> choice.tier().stream())
                .max(java.util.Comparator.naturalOrder())
                .orElse(RiskTier.MINIMAL);
    }

    private static Optional<String> mistake(Question question, List<String> answers) {
        String expected = " (expected " + (question.several() ? "some" : "one") + " of "
                + String.join(", ", question.choices().keySet()) + ")";
        if (answers.isEmpty()) {
            return Optional.of(question.id() + " is not answered: " + question.ask() + expected);
        }
        if (answers.size() > 1 && !question.several()) {
            return Optional.of(question.id() + ": " + answers.size() + " answers" + expected);
        }
        List<String> unknown = answers.stream()
                .filter(answer -> !question.choices().containsKey(answer))
                .toList();
        if (!unknown.isEmpty()) {
            return Optional.of(question.id() + ": '" + String.join("', '", unknown) + "'" + expected);
        }
        return answers.size() > 1 && answers.contains("none")
                ? Optional.of(question.id() + ": 'none' beside other answers" + expected)
                : Optional.empty();
    }

    private static Assessment.Reason reason(Question question, String answer) {
        Choice choice = java.util.Objects.requireNonNull(question.choices().get(answer));
        return new Assessment.Reason(
                question.id(),
                question.ask(),
                choice.text(),
                question.source(),
                choice.tier().map(RiskTier::text).orElse(Assessment.PROHIBITED));
    }
}

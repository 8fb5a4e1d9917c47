package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.project.Questionnaire;
import org.millwright.project.Questionnaire.Question;
import org.millwright.web.ui.RequestFields.Asked;

/**
 * A request for a project as it stands in the form: what is typed, and what is wrong with it.
 *
 * @param values what is typed, by field
 * @param faults what is wrong, by field
 * @param others what is wrong and belongs to no field
 * @param room rows that are offered beyond those with a text
 */
public record RequestForm(
        Questionnaire questionnaire,
        Map<String, String> values,
        Map<String, String> faults,
        List<String> others,
        int room) {
    static final String DATA = "data";
    static final String MEMBERS = "members";
    static final int ROOM = 2;
    private static final int MOST_ROWS = 40;
    private static final Set<String> PEOPLE = Set.of("owner", "business-owner");

    /** Fields that always have a value: alone they say nothing. */
    private static final Set<String> CHOICES = Set.of("expected-value.currency", "expected-value.per", "model.task");

    /** Where a mistake of a whole section is shown. */
    private static final Map<String, String> FIRST = Map.of(
            DATA,
            DATA + "[0].name",
            MEMBERS,
            MEMBERS + "[0].person",
            "model",
            "model.label",
            "expected-value",
            "expected-value.amount",
            "users-affected",
            "users-affected.who",
            "budget",
            "budget.compute-seconds");

    private static final Pattern MISTAKE = Pattern.compile(
            Pattern.quote(ProjectFile.FILE) + "(?::\\d+)?: (?:([a-z][\\w.-]*(?:\\[\\d+])?[\\w.-]*): )?(.*)");
    private static final Pattern MISSING = Pattern.compile("missing key '(.*)'");
    private static final Pattern ANSWER = Pattern.compile("([a-z0-9-]+)(?: is not answered)?: (.*)");

    public RequestForm {
        values = Map.copyOf(values);
        faults = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        others = List.copyOf(others);
    }

    /** A form with these texts; rows without any move to the end. */
    static RequestForm of(Questionnaire questionnaire, Map<String, String> typed, int room) {
        var values = new HashMap<String, String>();
        typed.forEach((field, text) -> values.put(field, text.strip()));
        close(values, DATA, "name", "source");
        close(values, MEMBERS, "person");
        return new RequestForm(questionnaire, values, Map.of(), List.of(), room);
    }

    private static void close(Map<String, String> values, String list, String... telling) {
        var rows = new TreeMap<Integer, Map<String, String>>();
        values.keySet().stream()
                .filter(field -> field.matches(list + "\\[\\d{1,2}]\\..*"))
                .toList()
                .forEach(field -> rows.computeIfAbsent(RequestFields.row(field), row -> new HashMap<>())
                        .put(
                                field.substring(field.indexOf('.')),
                                java.util.Objects.requireNonNull(values.remove(field))));
        int next = 0;
        for (Map<String, String> row : rows.values()) {
            if (List.of(telling).stream()
                            .anyMatch(key -> !row.getOrDefault("." + key, "").isEmpty())
                    && next < MOST_ROWS) {
                String name = list + "[" + next++ + "]";
                row.forEach((key, text) -> values.put(name + key, text));
            }
        }
    }

    static boolean isChoice(String field) {
        return CHOICES.contains(field);
    }

    public String value(String field) {
        return values.getOrDefault(
                field,
                field.endsWith(".classification") ? "internal" : field.equals("expected-value.currency") ? "EUR" : "");
    }

    public String fault(String field) {
        return faults.getOrDefault(field, "");
    }

    public Asked asked(String field) {
        return RequestFields.of(field);
    }

    /** What a mistake's field is called at the head of the page. */
    public String label(String field) {
        return questionnaire.questions().stream()
                .filter(question -> field.equals("intake." + question.id()))
                .map(Question::ask)
                .findFirst()
                .orElseGet(() ->
                        field.equals("reviewers") ? "Reviewers" : asked(field).label());
    }

    public boolean isAnswered(Question question, String choice) {
        return answers().getOrDefault(question.id(), List.of()).contains(choice);
    }

    public boolean isReviewer(String role) {
        return !value("reviewers/" + role).isEmpty();
    }

    /** Rows of a list that are shown. */
    public int rows(String list) {
        return Math.min(MOST_ROWS, filled(list) + room);
    }

    int filled(String list) {
        int rows = 0;
        while (values.containsKey(list + "[" + rows + "]." + (list.equals(DATA) ? "name" : "person"))) {
            rows++;
        }
        return rows;
    }

    /** The tier that is stated, else the one that the answers mean; "" while neither is there. */
    String tier() {
        String stated = value("risk-tier");
        return stated.isEmpty() && !answers().isEmpty()
                ? questionnaire.least(answers()).text()
                : stated;
    }

    Map<String, List<String>> answers() {
        var answers = new LinkedHashMap<String, List<String>>();
        for (Question question : questionnaire.questions()) {
            String field = "intake." + question.id();
            List<String> given = question.several()
                    ? question.choices().keySet().stream()
                            .filter(choice -> values.containsKey(field + "/" + choice))
                            .toList()
                    : Optional.ofNullable(values.get(field)).stream().toList();
            if (!given.isEmpty()) {
                answers.put(question.id(), given);
            }
        }
        return answers;
    }

    List<String> reviewers() {
        return values.keySet().stream()
                .filter(field -> field.startsWith("reviewers/"))
                .map(field -> field.substring("reviewers/".length()))
                .sorted()
                .toList();
    }

    Map<String, List<String>> members() {
        var members = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < filled(MEMBERS); i++) {
            members.computeIfAbsent(value(MEMBERS + "[" + i + "].person"), person -> new ArrayList<>())
                    .add(value(MEMBERS + "[" + i + "].role"));
        }
        return members;
    }

    /** This with what a refusal says of it, each mistake at its field. */
    RequestForm refused(Problem problem, Predicate<String> isUser) {
        var wrong = new LinkedHashMap<String, String>();
        var rest = new ArrayList<String>();
        values.forEach((field, text) -> {
            boolean person = PEOPLE.contains(field) || field.matches(MEMBERS + "\\[\\d+]\\.person");
            if (person && !text.isEmpty() && !isUser.test(text)) {
                wrong.put(field, "no user '" + text + "' (an administrator adds one: mw user add " + text + ")");
            }
        });
        String message = String.valueOf(problem.getMessage());
        if (!message.contains("users who do not exist")) {
            message.lines().forEach(line -> sort(line, wrong, rest));
            if (!problem.next().isEmpty() && !rest.isEmpty()) {
                rest.add(problem.next());
            }
        }
        if (!answers().isEmpty()) {
            questionnaire.questions().stream()
                    .filter(question -> !answers().containsKey(question.id()))
                    .forEach(question -> wrong.putIfAbsent("intake." + question.id(), "is not answered"));
        }
        return new RequestForm(questionnaire, values, wrong, rest, room);
    }

    /** This with something said at its head. */
    RequestForm told(String text) {
        return new RequestForm(questionnaire, values, faults, List.of(text), room);
    }

    private void sort(String line, Map<String, String> wrong, List<String> rest) {
        Matcher mistake = MISTAKE.matcher(line);
        boolean named = mistake.matches();
        String path = named ? java.util.Objects.requireNonNullElse(mistake.group(1), "") : "intake";
        String says = named ? mistake.group(2) : line;
        Matcher answer = ANSWER.matcher(says);
        if (path.equals("intake") && answer.matches() && isQuestion(answer.group(1))) {
            String found = answer.group(2).replaceFirst(" \\(expected .*", "");
            wrong.putIfAbsent(
                    "intake." + answer.group(1), says.contains(" is not answered") ? "is not answered" : found);
            return;
        }
        Matcher missing = MISSING.matcher(says);
        boolean needed = missing.matches();
        String field = fieldOf(needed ? (path.isEmpty() ? "" : path + ".") + missing.group(1) : path);
        if (field.isEmpty()) {
            rest.add(named ? (path.isEmpty() ? "" : path + ": ") + says : line);
        } else {
            wrong.putIfAbsent(field, needed ? "is needed" : says);
        }
    }

    private boolean isQuestion(String id) {
        return questionnaire.questions().stream()
                .anyMatch(question -> question.id().equals(id));
    }

    /** The field in which a mistake at a path of the file is mended; "" when there is none. */
    private String fieldOf(String path) {
        String section = path.replaceFirst("[.\\[].*", "");
        if (section.equals(MEMBERS) && !path.equals(MEMBERS)) {
            List<String> people = new ArrayList<>();
            for (int i = 0; i < filled(MEMBERS); i++) {
                people.add(value(MEMBERS + "[" + i + "].person"));
            }
            int row = people.indexOf(path.substring(MEMBERS.length() + 1).replaceFirst("\\[\\d+]$", ""));
            return row < 0 ? MEMBERS + "[0].person" : MEMBERS + "[" + row + "].role";
        }
        if (section.equals("reviewers")) {
            return section;
        }
        if (RequestFields.ALL.containsKey(path) || path.matches(DATA + "\\[\\d+]\\.(name|classification|source)")) {
            return path;
        }
        if (path.startsWith("release.canary")) {
            return "release.canary.traffic";
        }
        return FIRST.getOrDefault(section, "");
    }
}

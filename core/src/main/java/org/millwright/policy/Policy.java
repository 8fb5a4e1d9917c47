package org.millwright.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * A version of a policy, which never changes.
 *
 * @param digest hex SHA-256 of the text's UTF-8 bytes; names the version
 * @param text the file as it is kept: line ends as LF, no blanks at the ends of lines, one line end at the end
 */
public record Policy(
        String name,
        String description,
        Mode mode,
        AppliesTo appliesTo,
        List<Requirement> requirements,
        String digest,
        String text) {

    public static final String FILE = "policy.yaml";
    public static final String POLICIES = "policies";

    /** The name under which gates judge what approvals were given under; no file has it. */
    public static final String CONDITIONS = "conditions";

    private static final int MOST_BYTES = 256 * 1024;
    private static final Expressions LANGUAGE = new Expressions(PolicyVocabulary.VOCABULARY);
    private static final Expressions MEASURES = new Expressions(PolicyVocabulary.MEASURES);

    public Policy {
        requirements = List.copyOf(requirements);
    }

    /** Whether what is not as asked is stopped, or only written down; or whether what is as asked needs no approver. */
    public enum Mode {
        WARN,
        ENFORCE,
        GRANT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Mode of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    public String ref() {
        return ref(name);
    }

    public static String ref(String name) {
        return "policy:" + name;
    }

    /** The language of checks. */
    public static Expressions language() {
        return LANGUAGE;
    }

    /** The language of what an approval's conditions are measured by. */
    public static Expressions measures() {
        return MEASURES;
    }

    /** Reads a file; one {@link Problem.Invalid} names every mistake with its line. */
    public static Policy parse(String text) {
        return parse(FILE, text);
    }

    /** @param file the name that mistakes are told with */
    public static Policy parse(String file, String text) {
        if (text.length() > MOST_BYTES) {
            throw new Problem.TooLarge(
                    file + " has more than " + MOST_BYTES + " characters", "Make two policies of it.");
        }
        return new PolicyReader(file, canonical(text)).read();
    }

    static String canonical(String text) {
        return text.lines()
                        .map(String::stripTrailing)
                        .collect(Collectors.joining("\n"))
                        .strip() + "\n";
    }

    static String digest(String canonical) {
        return Json.sha256(canonical.getBytes(StandardCharsets.UTF_8));
    }

    /** What became of one requirement. */
    public record Finding(Policy policy, Requirement requirement, Outcome outcome) {}

    /** Judges every requirement. */
    public List<Finding> judge(Expressions.Facts facts) {
        var findings = new ArrayList<Finding>(requirements.size());
        for (Requirement requirement : requirements) {
            findings.add(new Finding(this, requirement, requirement.compiled().judge(facts)));
        }
        return findings;
    }
}

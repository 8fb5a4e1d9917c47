package org.millwright.outcome;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.metrics.ClassOrder;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.SegmentRows;

/**
 * What a version predicts: numbers, or classes.
 *
 * @param classes whether these are classes
 * @param positive of two classes the one that is looked for; "" for the second
 * @param known classes of the training labels in scikit-learn's order; empty when they are not known
 * @param majority class that training had most of; "" when that is not known
 */
public record Target(boolean classes, String positive, List<String> known, String majority) {
    /** A class's name is cut behind so many characters, as profiles do. */
    static final int LONGEST = 200;

    /** More of them are no classes. */
    private static final int MOST = 1_000;

    public Target {
        known = List.copyOf(known);
    }

    /** @param reference the training profile of the version, which knows the classes of the labels */
    public static Target of(Optional<ProjectFile.ModelSpec> model, Optional<Reference> reference) {
        boolean classes = model.map(ProjectFile.ModelSpec::isClassification).orElse(false);
        Map<String, Long> counts = reference
                .map(Reference::label)
                .filter(CategoryProfile.class::isInstance)
                .map(CategoryProfile.class::cast)
                .filter(CategoryProfile::isExact)
                .map(CategoryProfile::counts)
                .filter(found -> found.size() <= MOST)
                .orElse(Map.of());
        return new Target(
                classes,
                model.map(ProjectFile.ModelSpec::positive).orElse(""),
                ClassOrder.of(counts.keySet()),
                counts.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(""));
    }

    /** The same with all classes that any of several versions knows. */
    public Target with(Collection<Target> versions) {
        Set<String> all = new LinkedHashSet<>(known);
        versions.forEach(version -> all.addAll(version.known()));
        return new Target(classes, positive, ClassOrder.of(all), majority);
    }

    /** The outcome as it is kept; {@link Problem.Invalid} when it is none of what is predicted. */
    public Outcome kept(Outcome sent) {
        if (!classes) {
            if (sent instanceof Outcome.Quantity quantity && Double.isFinite(quantity.value())) {
                return sent;
            }
            throw new Problem.Invalid((sent instanceof Outcome.Named named
                            ? "value is the text '" + shown(named.name()) + "'"
                            : "value " + ((Outcome.Quantity) sent).value())
                    + " (expected: a finite number, as the model predicts a quantity)");
        }
        String name = switch (sent) {
            case Outcome.Quantity quantity
            when !Double.isFinite(quantity.value()) ->
                throw new Problem.Invalid("value " + quantity.value() + " (expected: the name of a class)");
            case Outcome.Quantity quantity -> plain(quantity.value());
            case Outcome.Named named -> named.name();
        };
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new Problem.Invalid("value is a text of " + name.length() + " characters (expected: the name of a"
                    + " class, 1 to " + LONGEST + ")");
        }
        if (!Json.isText(name)) {
            throw new Problem.Invalid("value has a NUL or half a character (expected: the name of a class)");
        }
        return new Outcome.Named(canonical(name, known));
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** The name as the known classes have it: {@code true} stands for {@code 1} of numbers, and {@code 1} for {@code true}. */
    public static String canonical(String name, Collection<String> known) {
        if (known.contains(name)) {
            return name;
        }
        List<String> others = switch (name) {
            case "true", "True" -> List.of("true", "1", "True");
            case "1" -> List.of("true", "True");
            case "false", "False" -> List.of("false", "0", "False");
            case "0" -> List.of("false", "False");
            default -> List.of();
        };
        return others.stream().filter(known::contains).findFirst().orElse(name);
    }

    /** A number as the name of a class: whole numbers read alike, however they are held. */
    public static String plain(double number) {
        return SegmentRows.plain(number);
    }

    /** A predicted class as it is kept: as a text that every database takes. */
    public static String cut(String text) {
        String name = Json.isText(text) ? text : text.replaceAll("[\\x00\\ud800-\\udfff]", "\uFFFD");
        return name.length() <= LONGEST
                ? name
                : name.substring(0, LONGEST) + "…#" + Integer.toHexString(name.hashCode());
    }

    /** All classes: the known ones, and these. */
    List<String> andAlso(Collection<String> names) {
        List<String> all = new ArrayList<>(known);
        all.addAll(names);
        return ClassOrder.of(all);
    }
}

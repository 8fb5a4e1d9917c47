package org.millwright.evidence;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.millwright.identity.Role;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** What only people know about a model or dataset, and so write by hand. */
public enum Section {
    INTENDED_USE("Intended use", "What it is for, who uses it, and what it is not for.", Role.DATA_SCIENTIST),
    LIMITATIONS("Limitations", "Where it is known to fail, and what was not examined.", Role.DATA_SCIENTIST),
    ETHICAL_CONSIDERATIONS(
            "Ethical considerations", "Who may be harmed, how, and what is done against it.", Role.DATA_SCIENTIST),
    CONTACT("Contact", "Whom to ask, and how to report a concern.", Role.DATA_SCIENTIST),
    COLLECTION("Collection", "How the data were gathered, labelled and cleaned, by whom.", Role.DATA_SCIENTIST),
    METRIC_RATIONALE("Why these metrics", "Why the metrics suit what the model is for.", Role.DATA_SCIENTIST),
    DESIGN_CHOICES("Design choices", "Methods considered, what was chosen, and why.", Role.DATA_SCIENTIST),
    RISK_MANAGEMENT(
            "Risk management", "Hazards, how likely and severe, the measures, and who took the rest.", Role.APPROVER),
    HUMAN_OVERSIGHT("Human oversight", "Who watches it, and how they overrule and stop it.", Role.ML_ENGINEER),
    INSTRUCTIONS("Instructions for use", "What those who deploy and use it have to know and do.", Role.ML_ENGINEER),
    CYBERSECURITY("Security", "Threats considered, and measures against them.", Role.ML_ENGINEER),
    IMPACT("Impact", "Consequences for people, groups and society that were assessed.", Role.APPROVER),
    STANDARDS(
            "Standards applied", "Standards and specifications that were followed, in full or in part.", Role.APPROVER),
    DECLARATION("Declaration", "Where the signed declaration is kept, and its digest.", Role.APPROVER),
    THIRD_PARTIES("Third parties", "Suppliers, bought parts, and who answers for what.", Role.ML_ENGINEER),
    ORGANISATION("Organisation", "Policies, roles and reporting that hold for it here.", Role.ADMIN);

    /** Those that every card of a model shows, written or not. */
    static final List<Section> OF_MODELS = List.of(INTENDED_USE, LIMITATIONS, ETHICAL_CONSIDERATIONS, CONTACT);

    /** The same of a dataset. */
    static final List<Section> OF_DATASETS =
            List.of(INTENDED_USE, COLLECTION, LIMITATIONS, ETHICAL_CONSIDERATIONS, CONTACT);

    private final String title;
    private final String help;
    private final Role owes;

    Section(String title, String help, Role owes) {
        this.title = title;
        this.help = help;
        this.owes = owes;
    }

    public String title() {
        return title;
    }

    /** What belongs into it, in a sentence. */
    public String help() {
        return help;
    }

    /** The role that writes it. */
    public Role owes() {
        return owes;
    }

    /** The name in commands and files: {@code intended-use}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Section of(String id) {
        List<String> known = Arrays.stream(values()).map(Section::id).toList();
        return Arrays.stream(values())
                .filter(section -> section.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid("No section '" + id + "'"
                        + Yaml.nearest(id, known)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")
                        + " (known: " + String.join(", ", known) + ")"));
    }
}

package org.millwright.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.RegisteredModel;

/** Cards of models and datasets: read from the record each time, so never older than it. */
public final class Cards {
    /** What a model's card shows of the record, around the sections that people write. */
    private static final List<String> FIRST = List.of("purpose");

    private static final List<String> REST = List.of(
            "data-lineage",
            "data-quality",
            "training",
            "code",
            "environment",
            "reproduction",
            "metrics",
            "slices",
            "bias",
            "hand-off",
            "gate",
            "signature",
            "agreement",
            "approvals",
            "findings",
            "certificate",
            "deployments",
            "monitoring",
            "incidents");

    private final RecordRooms rooms;
    private final CardSections sections;
    private final Dossiers dossiers;

    public Cards(RecordRooms rooms, CardSections sections) {
        this.rooms = rooms;
        this.sections = sections;
        this.dossiers = new Dossiers(rooms, sections);
    }

    /** The card of a model version; {@code version} is a number. */
    public Card ofModel(Actor by, String name, String version) {
        return of(dossier(by, name, version));
    }

    /** The card of the newest version. */
    public Card ofModel(Actor by, String name) {
        return ofModel(by, name, newest(by, name));
    }

    /** The number of a model's newest version. */
    public String newest(Actor by, String name) {
        return rooms.versions().all(by, name).stream().mapToLong(ModelVersion::version).max().stream()
                .mapToObj(Long::toString)
                .findFirst()
                .orElseThrow(() -> new org.millwright.kernel.Problem.NotFound(
                        "Model " + name + " has no version", "mw model show " + name));
    }

    Dossier dossier(Actor by, String name, String number) {
        RegisteredModel model = rooms.models().get(by, name);
        return dossiers.of(model, rooms.versions().get(by, name, number));
    }

    static Card of(Dossier dossier) {
        var parts = new ArrayList<Card.Part>();
        FIRST.forEach(name -> parts.add(part(dossier, name)));
        for (Section section : Section.values()) {
            if (Section.OF_MODELS.contains(section) || dossier.sections().containsKey(section)) {
                parts.add(new Card.Part(
                        Queries.answer(Queries.section(section), dossier), note(dossier, section), section));
            }
        }
        REST.forEach(name -> parts.add(part(dossier, name)));
        String title = dossier.model().name() + " version " + dossier.version().version();
        String lead = dossier.file().map(file -> file.purpose()).orElse("It belongs to no project.");
        return new Card("model", dossier.ref(), title, lead, parts);
    }

    private static Card.Part part(Dossier dossier, String name) {
        return new Card.Part(Queries.answer(name, dossier), "", null);
    }

    private static String note(Dossier dossier, Section section) {
        Written written = dossier.sections().get(section);
        if (written == null) {
            return section.help();
        }
        String about = written.version() == dossier.version().version()
                ? "Written for this version"
                : "Written for version " + written.version();
        return about + " by " + dossier.name(written.author()) + ", " + Sheet.day(written.at()) + ".";
    }

    /** The card of a dataset by its name, or of one of its versions by {@code NAME@PERIOD/NUMBER}. */
    public Card ofDataset(Actor by, String ref) {
        int at = ref.indexOf('@');
        String dataset = at < 0 ? ref : ref.substring(0, at);
        String project = sections.project(dataset);
        rooms.users().access().require(by, Permission.READ, project);
        Map<Section, Written> written = sections.ofDataset(dataset);
        return new DatasetCard(rooms, dataset, project, written).of(at < 0 ? "" : ref);
    }

    /** Writes a section for a version of a model and those after it. */
    public Written write(Actor by, String name, String number, Section section, String text) {
        return sections.write(by, rooms.versions().get(by, name, number), section, text);
    }

    /** Writes a section of a dataset's card. */
    public Written write(Actor by, String dataset, Section section, String text) {
        return sections.write(by, dataset, section, text);
    }

    /** Whether the actor may write sections of a model's card. */
    public boolean mayWrite(Actor by, String model) {
        return sections.mayWrite(by, rooms.models().get(by, model).project());
    }

    /** Whether the actor may write sections of a dataset's card. */
    public boolean mayWriteDataset(Actor by, String dataset) {
        return sections.mayWrite(by, dataset);
    }
}

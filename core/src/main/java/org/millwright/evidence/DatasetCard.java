package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.TableProfile;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Edge;
import org.millwright.project.ProjectFile;

/** The card of a dataset. */
final class DatasetCard {
    /** Versions that are listed, the newest. */
    private static final int MOST = 200;

    private final RecordRooms rooms;
    private final String dataset;
    private final String project;
    private final Map<Section, Written> written;

    DatasetCard(RecordRooms rooms, String dataset, String project, Map<Section, Written> written) {
        this.rooms = rooms;
        this.dataset = dataset;
        this.project = project;
        this.written = written;
    }

    /** @param ref of the only version to tell of, "" for all */
    Card of(String ref) {
        List<DatasetVersion> versions = ref.isEmpty()
                ? rooms.datasets().versions(dataset)
                : List.of(rooms.datasets().get(ref));
        if (versions.isEmpty()) {
            throw new Problem.NotFound("Dataset " + dataset + " has no version", "mw data list " + dataset);
        }
        var parts = new ArrayList<Card.Part>();
        parts.add(part("purpose", "Purpose and owner", purpose(versions)));
        for (Section section : Section.values()) {
            if (Section.OF_DATASETS.contains(section) || written.containsKey(section)) {
                parts.add(section(section));
            }
        }
        parts.add(part("versions", "Versions", versions(versions)));
        parts.add(part("data-quality", "Checks", quality(versions)));
        parts.add(part("columns", "Columns", columns(versions)));
        parts.add(part("used-by", "Used by", usedBy(versions)));
        String name = ref.isEmpty() ? dataset : ref;
        long rows = versions.stream()
                .filter(DatasetVersion::isAccepted)
                .mapToLong(DatasetVersion::rows)
                .sum();
        String lead = Found.count(versions.size(), "version") + " with " + Found.count(rows, "accepted row")
                + ", in project " + project + ".";
        return new Card("dataset", "dataset:" + name, "Dataset " + name, lead, parts);
    }

    private static Card.Part part(String id, String title, Found found) {
        return new Card.Part(found.answer(id, title), "", null);
    }

    private Card.Part section(Section section) {
        Written text = written.get(section);
        if (text == null) {
            Found nothing = Found.nothing("Nobody has written '" + section.title() + "'", section.owes());
            return new Card.Part(nothing.answer(Queries.section(section), section.title()), section.help(), section);
        }
        String by = rooms.users().nameOf(text.author());
        ObjectNode record = Json.object()
                .put("text", text.text())
                .put("sha256", CardSections.sha256(text.text()))
                .put("by", by)
                .put("at", text.at());
        return new Card.Part(
                Found.of("", record).answer(Queries.section(section), section.title()),
                "Written by " + by + ", " + Sheet.day(text.at()) + ".",
                section);
    }

    private Found purpose(List<DatasetVersion> versions) {
        Optional<ProjectFile> file = rooms.projects().file(project);
        Optional<ProjectFile.DataUse> use = file.flatMap(found -> found.data().stream()
                .filter(data -> data.name().equals(dataset))
                .findFirst());
        ObjectNode record = Json.object().put("project", "project:" + project);
        file.ifPresent(found -> record.put("owner", found.owner()).put("purpose", found.purpose()));
        use.ifPresent(
                found -> record.put("classification", found.classification()).put("source", found.source()));
        record.put("contract", versions.getLast().contract());
        return Found.of("Of project " + project, record)
                .lacksUnless(
                        use.isPresent(),
                        "The project does not say how confidential the data are and where they come from",
                        Role.DATA_SCIENTIST);
    }

    private static Found versions(List<DatasetVersion> versions) {
        ObjectNode record = Json.object();
        record.put("count", versions.size());
        var rows = record.putArray("versions");
        versions.subList(Math.max(0, versions.size() - MOST), versions.size())
                .forEach(version -> rows.add(DataQueries.row(version)));
        return Found.of(Found.count(versions.size(), "version"), record);
    }

    private static Found quality(List<DatasetVersion> versions) {
        ObjectNode record = Json.object();
        var rows = record.putArray("checks");
        versions.subList(Math.max(0, versions.size() - MOST), versions.size())
                .forEach(version -> rows.add(DataQueries.check(version)));
        boolean checked = versions.stream().allMatch(version -> version.report().isPresent());
        return Found.of(Found.count(rows.size(), "version"), record)
                .lacksUnless(checked, "Some versions came in without a contract", Role.DATA_SCIENTIST);
    }

    /** What is in the newest accepted version. */
    private static Found columns(List<DatasetVersion> versions) {
        Optional<DatasetVersion> newest =
                versions.stream().filter(DatasetVersion::isAccepted).reduce((before, after) -> after);
        if (newest.isEmpty()) {
            return Found.nothing("No version was accepted", Role.DATA_SCIENTIST);
        }
        ObjectNode record = Json.object().put("of", newest.get().ref());
        var rows = record.putArray("columns");
        for (TableProfile.ColumnProfile column : newest.get().profile().columns()) {
            ObjectNode row = rows.addObject()
                    .put("column", column.name())
                    .put("type", column.type())
                    .put("missing", column.missing())
                    .put("distinct", column.distinct());
            column.min().ifPresent(min -> row.put("min", min));
            column.max().ifPresent(max -> row.put("max", max));
            column.numbers().ifPresent(numbers -> row.put("mean", numbers.mean()));
        }
        return Found.of(Found.count(rows.size(), "column"), record);
    }

    private Found usedBy(List<DatasetVersion> versions) {
        var models = new java.util.TreeSet<String>();
        versions.forEach(version -> rooms.edges().descendants(version.ref()).stream()
                .map(Edge::to)
                .filter(ref -> ref.startsWith("model:"))
                .forEach(models::add));
        ObjectNode record = Json.object();
        var rows = record.putArray("models");
        models.forEach(model -> rows.addObject().put("model", model));
        record.put("count", models.size());
        return Found.of(Found.count(models.size(), "model version") + " made from it", record);
    }
}

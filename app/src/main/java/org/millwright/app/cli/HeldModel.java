package org.millwright.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.app.simulation.Row;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.TrustedKey;

/**
 * The version that was in production first, run here from its signed bundle: so that it answers the rows that production
 * answers, without a trace in production's monitoring.
 */
final class HeldModel implements AutoCloseable {
    private final Model model;

    private HeldModel(Model model) {
        this.model = model;
    }

    /** Brings a version; throws when its bundle is not as it was signed, or runs in Python only. */
    static HeldModel of(Client client, String name, String version, Path key, Path scratch) {
        try {
            Path archive = Files.createTempFile(scratch, "bundle", ".zip");
            client.download(
                    "/api/1/models/" + Client.part(name) + "/versions/" + Client.part(version) + "/bundle", archive);
            Path folder = archive.resolveSibling(archive.getFileName() + ".unpacked");
            try (InputStream in = Files.newInputStream(archive)) {
                BundleArchive.unpack(in, folder);
            }
            return new HeldModel(Bundle.open(folder, List.of(TrustedKey.fromPem(Files.readString(key))))
                    .load());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers for each row. */
    List<@Nullable Object> answers(List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Frame answer = model.predict(
                Frame.ofRows(model.signature(), rows.stream().map(this::values).toList()));
        var answers = new ArrayList<@Nullable Object>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            answers.add(answer.value(0, row));
        }
        return answers;
    }

    private Map<String, @Nullable Object> values(Row row) {
        var values = new HashMap<String, @Nullable Object>();
        for (Signature.Column column : model.signature().inputs()) {
            if (row.values().containsKey(column.name())) {
                String type = column.type().isIntegral() ? "INT64" : "";
                values.put(column.name(), SimulatedRequests.fit(row.value(column.name()), type));
            }
        }
        return values;
    }

    @Override
    public void close() {
        model.close();
    }
}

package org.millwright.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Entry;
import org.millwright.ledger.KeyChain;
import org.millwright.ledger.LogWalk;
import org.millwright.ledger.Proofs;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.VerifierKey;

/** An export of the ledger, or proofs of some entries in its layout, checked with nothing but a public key. */
final class LedgerFolder {
    private final Path folder;
    private final List<SignedNote> notes = new ArrayList<>();
    private final VerifierKey key;

    /** What was checked. */
    record Checked(
            String path,
            long entries,
            int checkpoints,
            int consistency,
            boolean whole,
            String key,
            int wentBack,
            int keyChanges) {}

    LedgerFolder(Path folder, Optional<VerifierKey> pinned) {
        this.folder = folder;
        this.key = pinned.orElseGet(() -> VerifierKey.parse(read(folder.resolve("vkey.txt"))));
        for (String part : List.of("checkpoints", "earlier")) {
            files(part).forEach(file -> notes.add(SignedNote.parse(read(file))));
        }
        notes.sort(Comparator.comparingLong(SignedNote::size));
        if (notes.isEmpty()) {
            throw new Problem.Invalid(
                    folder + " has no checkpoints (expected: an export of a ledger)", "mw ledger export " + folder);
        }
        if (Files.exists(folder.resolve(LedgerExport.UNFINISHED))) {
            throw new Problem.Refused(
                    folder + " is an export that was not finished", "mw ledger export " + folder + " goes on.");
        }
    }

    /** @param outside checkpoints that were kept elsewhere, to compare with */
    Checked check(List<SignedNote> outside) {
        long size = notes.getLast().size();
        boolean whole = Files.exists(entry(size - 1)) && Files.exists(entry(0)) && count() == size;
        return whole ? whole(size, outside) : some(outside);
    }

    private Checked whole(long size, List<SignedNote> outside) {
        var sizes = new ArrayList<>(notes.stream().map(SignedNote::size).toList());
        outside.forEach(note -> sizes.add(note.size()));
        var walk = new LogWalk(sizes);
        for (long index = 0; index < size; index++) {
            walk.add(Entry.of(index, read(entry(index))));
        }
        KeyChain keys = walk.keys(key);
        notes.forEach(note -> walk.check("checkpoint of size " + note.size(), note, keys));
        outside.forEach(note -> walk.check("the anchor (checkpoint of " + note.size() + " entries)", note, keys));
        return checked(
                proofs(),
                consistency(),
                true,
                walk.wentBack().size(),
                keys.changes().size());
    }

    private Checked some(List<SignedNote> outside) {
        List<Entry> changes = files("entries").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .map(file -> Entry.of(index(file), read(file)))
                .sorted(Comparator.comparingLong(Entry::index))
                .toList();
        KeyChain keys = KeyChain.of(changes, key);
        notes.forEach(note -> keys.require("checkpoint of size " + note.size(), note));
        if (!outside.isEmpty()) {
            throw new Problem.Invalid(
                    folder + " holds some entries only, which cannot be compared with anchors",
                    "Export the whole ledger, or ask the server: mw ledger verify --anchors FILE");
        }
        return checked(proofs(), consistency(), false, 0, keys.changes().size());
    }

    private Checked checked(long entries, int consistency, boolean whole, int wentBack, int keyChanges) {
        return new Checked(
                folder.toString(), entries, notes.size(), consistency, whole, key.fingerprint(), wentBack, keyChanges);
    }

    /** Checks every proof of an entry; returns how many there are. */
    private long proofs() {
        long count = 0;
        for (Path file : files("entries")) {
            if (file.toString().endsWith(".tlog-proof")) {
                check(file);
                count++;
            }
        }
        return count;
    }

    private void check(Path file) {
        List<String> lines = read(file).lines().toList();
        int blank = lines.indexOf("");
        boolean form = blank >= 2
                && lines.get(0).equals("c2sp.org/tlog-proof@v1")
                && lines.get(1).startsWith("index ");
        long index = index(file);
        if (!form || !lines.get(1).equals("index " + index)) {
            throw new Altered(file + " is no proof of entry " + index);
        }
        SignedNote note = SignedNote.parse(String.join("\n", lines.subList(blank + 1, lines.size())) + "\n");
        boolean known = notes.stream()
                .anyMatch(each -> each.size() == note.size() && each.root().equals(note.root()));
        if (!known || !Proofs.isIncluded(read(entry(index)), index, lines.subList(2, blank), note)) {
            throw new Altered("Entry " + index + " is not in the log that its checkpoint signed");
        }
    }

    private int consistency() {
        int count = 0;
        for (Path file : files("consistency")) {
            String[] sizes = file.getFileName().toString().split("-", 2);
            SignedNote earlier = note(sizes[0], file);
            SignedNote later = note(sizes[sizes.length - 1], file);
            if (!Proofs.isExtended(earlier, later, read(file).lines().toList())) {
                throw new Altered("The log of " + later.size() + " entries does not begin with the " + earlier.size()
                        + " of the checkpoint before");
            }
            count++;
        }
        return count;
    }

    private SignedNote note(String size, Path file) {
        return notes.stream()
                .filter(note -> Long.toString(note.size()).equals(size))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(file + " is about a checkpoint that is not here"));
    }

    private Path entry(long index) {
        return folder.resolve("entries").resolve(index + ".json");
    }

    private static long index(Path file) {
        String name = file.getFileName().toString();
        String number = name.substring(0, Math.max(0, name.indexOf('.')));
        if (!number.matches("[0-9]{1,18}")) {
            throw new Problem.Invalid(file + " is not named after an entry (expected: INDEX.json)");
        }
        return Long.parseLong(number);
    }

    private long count() {
        return files("entries").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .count();
    }

    private List<Path> files(String part) {
        Path inside = folder.resolve(part);
        if (!Files.isDirectory(inside)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(inside)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot read " + inside + ": " + e.getMessage(), "Look at the folder's rights.", e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read " + file + ": " + e.getMessage(), "Export the ledger again.");
        }
    }
}

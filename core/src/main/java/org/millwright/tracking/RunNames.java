package org.millwright.tracking;

import java.util.List;

/** Made-up names such as {@code brisk-heron-417} for runs and models that came without one. */
final class RunNames {
    private static final List<String> QUALITIES = List.of(
            "able", "amber", "brisk", "calm", "clever", "crisp", "deft", "eager", "early", "fair", "fond", "frank",
            "gentle", "glad", "golden", "grand", "handy", "hardy", "honest", "jolly", "keen", "kind", "lively", "lucid",
            "merry", "mild", "neat", "nimble", "noble", "patient", "placid", "proud", "quick", "quiet", "ready",
            "robust", "sage", "sharp", "silent", "sleek", "solid", "spry", "steady", "sunny", "swift", "tidy", "vivid",
            "witty");
    private static final List<String> CREATURES = List.of(
            "auk", "badger", "bear", "bee", "bison", "crane", "crow", "deer", "dove", "eagle", "elk", "finch", "fox",
            "goat", "goose", "hare", "hawk", "heron", "horse", "ibis", "jay", "kestrel", "koala", "lark", "lynx",
            "marten", "mole", "moose", "newt", "otter", "owl", "panda", "perch", "puffin", "quail", "rail", "raven",
            "robin", "seal", "shrew", "skua", "stork", "swan", "tern", "trout", "vole", "wren", "yak");

    private RunNames() {}

    /** The name that 32 random hex digits stand for. */
    static String of(String random) {
        int a = Integer.parseInt(random.substring(0, 4), 16);
        int b = Integer.parseInt(random.substring(4, 8), 16);
        int c = Integer.parseInt(random.substring(8, 12), 16);
        return QUALITIES.get(a % QUALITIES.size()) + "-" + CREATURES.get(b % CREATURES.size()) + "-" + c % 1000;
    }
}

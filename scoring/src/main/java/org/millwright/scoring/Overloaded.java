package org.millwright.scoring;

/** Nothing became free to score the rows in the time there was: neither the caller's fault nor the model's. */
public final class Overloaded extends RuntimeException {
    public Overloaded(String message) {
        super(message);
    }
}

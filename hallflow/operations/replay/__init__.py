"""Past days: event playback, and counterfactual replay under another policy or with other counters."""

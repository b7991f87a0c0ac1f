"""Who labels well, people and models: their labels beside ground truth, scored; and thresholds that can be trusted."""
